import TransparencyLog

/// What an audit log's readers and witnesses are given. Promise: a text that is read is written the same.
enum AuditLogEntry {
    static func run(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        if let note = try? SignedNote(parsing: bytes) {
            try promise(note.encoded.utf8.elementsEqual(bytes), "another note")
        }
        if let checkpoint = try? Checkpoint(parsing: text), text.utf8.elementsEqual(bytes) {
            try promise(try Checkpoint(parsing: checkpoint.text) == checkpoint, "another checkpoint")
        }
        if let key = try? VerifierKey(parsing: text) { try promise(key.text == text, "another key than \(text)") }
        if let path = try? TilePath(parsing: text) { try promise(path.text == text, "another path than \(text)") }
        if let statement = ExportStatement(parsing: text) { try promise(statement.text == text, "another statement") }
        if let request = try? AddCheckpointRequest(parsing: bytes) {
            try promise(request.encoded.utf8.elementsEqual(bytes), "another request")
        }
        _ = try? AddCheckpointAnswer(status: 409, contentType: "text/x.tlog.size", body: bytes)
        guard let count = bytes.first.map(Int.init) else { return }
        let rest = Array(bytes.dropFirst())
        if let tile = try? Tile(decoding: rest, width: count) { try promise(tile.bytes == rest, "another tile") }
        if let bundle = try? EntryBundle(decoding: rest, count: count) {
            try promise(bundle.bytes == rest, "another bundle")
        }
    }
}
