import JOSE

/// Base64 with padding (RFC 4648 §4), as Standard Webhooks writes secrets and signatures.
enum PlainBase64 {
    static func encode(_ bytes: [UInt8]) -> String {
        var text = Base64URL.encode(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        while !text.count.isMultiple(of: 4) { text.append("=") }
        return String(text)
    }
}
