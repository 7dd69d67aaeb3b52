import AuditLog
import TransparencyLog

/// Checks an export's file by the manifest beside it.
struct ExportCheck {
    let path: String
    let key: VerifierKey
    let progress: Progress

    private static let step = 256 * 1024

    /// What the export holds. Throws `ExportFault`, and `CommandError` where a file cannot be read.
    func verify() throws -> ExportStatement {
        var verifier = try ExportVerifier(try manifest(), key: key)
        let total = verifier.statement.entries.count
        let file = try FilePieces(path: path)
        defer { progress.end() }
        while let piece = try file.next(atMost: Self.step) {
            try verifier.take(piece)
            progress.show("\(verifier.checked) of \(total) entries")
        }
        try verifier.finish()
        return verifier.statement
    }

    private func manifest() throws -> ExportManifest {
        let path = ExportFile.manifest(of: path)
        let text = try FilePieces(path: path).beginning(atMost: ExportManifest.limit + 1)
        guard let manifest = ExportManifest(text) else { throw CommandError("\(path) is no manifest") }
        return manifest
    }
}
