import Crypto
import Encodings
import JOSE

extension RecordedEntry {
    /// The entry as canonical JSON (RFC 8785): what is hashed into the tree, served and exported.
    public var canonicalText: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(512)
        appendCanonicalText(to: &text)
        return text
    }

    /// Appends the entry as canonical JSON. The members stand in the order of their names, as the standard asks.
    func appendCanonicalText(to text: inout [UInt8]) {
        text.append(contentsOf: "{\"action\":".utf8)
        JSONText.appendQuoted(action, to: &text)
        Self.append("actor", actor, to: &text)
        Self.append("agent", agent, to: &text)
        Self.append("detail", detail, to: &text)
        Self.append("outcome", outcome, to: &text)
        Self.append("personal", digest: commitment, to: &text)
        Self.append("record", record, to: &text)
        Self.append("request", request, to: &text)
        Self.append("sealed", digest: personal.map { Array(SHA256.hash(data: $0)) }, to: &text)
        Self.append("sequence", sequence, to: &text)
        Self.append("time", time, to: &text)
        Self.append("version", version, to: &text)
        Self.append("workspace", workspace, to: &text)
        text.append(UInt8(ascii: "}"))
    }

    private static func append(name: StaticString, to text: inout [UInt8]) {
        text.append(contentsOf: ",\"".utf8)
        name.withUTF8Buffer { text.append(contentsOf: $0) }
        text.append(contentsOf: "\":".utf8)
    }

    private static func append(_ name: StaticString, _ value: String, to text: inout [UInt8]) {
        append(name: name, to: &text)
        JSONText.appendQuoted(value, to: &text)
    }

    private static func append(_ name: StaticString, _ value: Int64, to text: inout [UInt8]) {
        append(name: name, to: &text)
        text.append(contentsOf: String(value).utf8)
    }

    private static func append(_ name: StaticString, digest: [UInt8]?, to text: inout [UInt8]) {
        append(name: name, to: &text)
        guard let digest else { return text.append(contentsOf: "null".utf8) }
        text.append(UInt8(ascii: "\""))
        Base64URL.append(digest, to: &text)
        text.append(UInt8(ascii: "\""))
    }
}
