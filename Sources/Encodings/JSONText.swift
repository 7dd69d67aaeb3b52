/// Writes JSON strings by hand, where building a whole encoder would cost more than the text (RFC 8259 §7).
public enum JSONText {
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let hexadecimal = Array("0123456789abcdef".utf8)

    /// The inside of a JSON string for `text`, without the surrounding quotes.
    ///
    /// Escapes `"`, `\` and U+0000 to U+001F, nothing else; a text without those comes back as it is.
    public static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: needsEscape) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        appendEscaped(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A complete JSON string for `text`, with its quotes.
    public static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    /// Appends a complete JSON string for `text`, with its quotes, as UTF-8.
    public static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(quote)
        appendEscaped(text, to: &bytes)
        bytes.append(quote)
    }

    /// Appends the inside of a JSON string for `text`, without quotes, as UTF-8.
    public static func appendEscaped(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { characters in
            // Nearly no text has anything to escape, and a whole one is appended far faster than its bytes.
            guard characters.contains(where: needsEscape) else { return bytes.append(contentsOf: characters) }
            for byte in characters {
                if needsEscape(byte) { appendEscape(of: byte, to: &bytes) } else { bytes.append(byte) }
            }
        }
    }

    /// Appends a complete JSON string for `text` whose base64url has neither `-` nor `_`, the two characters that plain
    /// base64 does not know: `>`, `?`, `~`, DEL and everything outside ASCII become `\uXXXX`.
    public static func appendQuotedForPlainBase64(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(quote)
        for unit in text.utf16 {
            switch UInt8(exactly: unit) {
            case .some(let byte) where byte < 0x7f && !outsidePlainBase64.contains(byte):
                if needsEscape(byte) { appendEscape(of: byte, to: &bytes) } else { bytes.append(byte) }
            default: appendEscape(of: unit, to: &bytes)
            }
        }
        bytes.append(quote)
    }

    /// Their last six bits are 62 or 63, which only these have among the characters of ASCII, DEL beside.
    private static let outsidePlainBase64 = Array(">?~".utf8)

    private static func appendEscape(of unit: UInt16, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: [backslash, UInt8(ascii: "u")])
        for shift in stride(from: 12, through: 0, by: -4) { bytes.append(hexadecimal[Int(unit >> UInt16(shift)) & 15]) }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == quote || byte == backslash }

    private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(backslash)
        switch byte {
        case quote, backslash: bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0a: bytes.append(UInt8(ascii: "n"))
        case 0x0c: bytes.append(UInt8(ascii: "f"))
        case 0x0d: bytes.append(UInt8(ascii: "r"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(hexadecimal[Int(byte >> 4)])
            bytes.append(hexadecimal[Int(byte & 0x0f)])
        }
    }
}
