import Encodings

/// Forms as `application/x-www-form-urlencoded` (WHATWG URL §5).
enum FormText {
    typealias Field = (name: String, value: String)

    /// Fields of a form that is read: what providers report has a few dozen.
    static let fieldLimit = 256

    static func encoded(_ fields: [Field]) -> [UInt8] {
        Array(fields.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&").utf8)
    }

    /// The fields of a form, or of an address's query, in their order.
    ///
    /// - Returns: nil where an escape is none, what it stands for is no UTF-8, or there are more fields than ``fieldLimit``.
    static func decoded(_ form: some Collection<UInt8>) -> [Field]? {
        var fields: [Field] = []
        for pair in form.split(separator: UInt8(ascii: "&")) {
            guard fields.count < fieldLimit else { return nil }
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = unescaped(parts[0]), let value = unescaped(parts.count > 1 ? parts[1] : pair.suffix(0))
            else { return nil }
            fields.append((name, value))
        }
        return fields
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            isPlain(byte) ? String(UnicodeScalar(byte)) : "%\(Hexadecimal.encode([byte]))"
        }.joined()
    }

    private static func unescaped(_ text: some Collection<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                continue
            }
            guard let escape = Hexadecimal.decode(String(decoding: rest.prefix(2), as: UTF8.self)), escape.count == 1
            else { return nil }
            bytes += escape
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigit || byte.isOne(of: "*-._")
    }
}
