import Crypto
import Encodings
import JOSE

extension EntryColumns {
    /// Appends the entry as canonical JSON (RFC 8785): what is hashed into the tree, served and exported. The members stand
    /// in the order of their names, as the standard asks.
    func appendCanonicalText(to text: inout [UInt8]) throws(Failure) {
        try append("{\"action\":", .action, to: &text)
        try append(",\"actor\":", .actor, to: &text)
        try append(",\"agent\":", .agent, to: &text)
        try append(",\"detail\":", .detail, to: &text)
        try append(",\"outcome\":", .outcome, to: &text)
        append(",\"personal\":", to: &text)
        try withBytes(.commitment) { Self.append(digest: $0, to: &text) }
        try append(",\"record\":", .record, to: &text)
        try append(",\"request\":", .request, to: &text)
        append(",\"sealed\":", to: &text)
        try withBytes(.personal) { Self.append(digestOf: $0, to: &text) }
        try append(",\"sequence\":", integer: .sequence, to: &text)
        try append(",\"time\":", integer: .time, to: &text)
        try append(",\"version\":", integer: .version, to: &text)
        append(",\"workspace\":", to: &text)
        JSONText.appendQuoted(workspace, to: &text)
        text.append(UInt8(ascii: "}"))
    }

    private func append(_ name: StaticString, to text: inout [UInt8]) {
        name.withUTF8Buffer { text.append(contentsOf: $0) }
    }

    private func append(_ name: StaticString, _ column: EntryColumn, to text: inout [UInt8]) throws(Failure) {
        append(name, to: &text)
        try appendQuoted(column, to: &text)
    }

    private func append(_ name: StaticString, integer column: EntryColumn, to text: inout [UInt8]) throws(Failure) {
        append(name, to: &text)
        text.append(contentsOf: String(try integer(column)).utf8)
    }

    private static func append(digest: UnsafeBufferPointer<UInt8>?, to text: inout [UInt8]) {
        guard let digest else { return text.append(contentsOf: "null".utf8) }
        text.append(UInt8(ascii: "\""))
        Base64URL.append(digest, to: &text)
        text.append(UInt8(ascii: "\""))
    }

    private static func append(digestOf bytes: UnsafeBufferPointer<UInt8>?, to text: inout [UInt8]) {
        guard let bytes else { return append(digest: nil, to: &text) }
        var hash = SHA256()
        hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        hash.finalize().withUnsafeBytes { append(digest: $0.bindMemory(to: UInt8.self), to: &text) }
    }
}
