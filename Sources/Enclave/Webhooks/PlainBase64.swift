import JOSE

/// Base64 with padding (RFC 4648 §4), as Standard Webhooks and others write secrets and signatures.
enum PlainBase64 {
    static func encode(_ bytes: [UInt8]) -> String {
        var text = Base64URL.encode(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        while !text.count.isMultiple(of: 4) { text.append("=") }
        return String(text)
    }

    /// Nil for anything that ``encode(_:)`` does not write.
    static func decode(_ text: String) -> [UInt8]? {
        let url = text.prefix { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        guard let bytes = try? Base64URL.decode(String(url)), encode(bytes) == text else { return nil }
        return bytes
    }
}
