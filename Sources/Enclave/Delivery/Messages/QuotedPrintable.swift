import Encodings

/// The quoted-printable encoding (RFC 2045 §6.7), kept readable: lines break at spaces where they can, and a digit
/// that follows an escape is escaped too, so that the raw text never shows a longer run of digits than the text.
enum QuotedPrintable {
    /// The longest encoded line, its soft break included.
    private static let width = 76

    static func encoded(line: String) -> [String] {
        var tokens: [String] = []
        var afterEscape = false
        for byte in line.utf8 {
            let isPlain = byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "=") && !(afterEscape && byte.isDigit)
            tokens.append(isPlain ? String(UnicodeScalar(byte)) : escape(byte))
            afterEscape = !isPlain
        }
        if tokens.last == " " { tokens[tokens.count - 1] = escape(UInt8(ascii: " ")) }
        return wrapped(tokens)
    }

    static func escape(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF")
        return "=\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }

    private static func wrapped(_ tokens: [String]) -> [String] {
        var lines: [String] = []
        var line: [String] = []
        var length = 0
        for token in tokens {
            if length + token.count > width - 1 {
                let carried = line.lastIndex(of: " ").map { Array(line[($0 + 1)...]) } ?? []
                lines.append(line.dropLast(carried.count).joined() + "=")
                line = carried.count < line.count ? carried : []
                length = line.reduce(0) { $0 + $1.count }
            }
            line.append(token)
            length += token.count
        }
        return lines + [line.joined()]
    }
}
