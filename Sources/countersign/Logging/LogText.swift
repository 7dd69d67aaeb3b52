/// Text from anywhere, made fit for a line of the log: nothing in it ends the line, moves a terminal's cursor or turns
/// the reading direction, and it is of bounded length.
enum LogText {
    /// Characters of a text that are written. Longer ones are cut: whoever chooses a value must not fill the disk with it.
    static let limit = 1024

    /// A word that needs no quotes as it is, anything else quoted.
    static func word(_ text: String) -> String {
        let isWord = !text.isEmpty && text.utf8.count <= limit && text.utf8.allSatisfy { isPlain($0) && $0 != 0x3D }
        return isWord ? text : quoted(text)
    }

    /// A JSON string (RFC 8259 §7).
    static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    /// The inside of a JSON string.
    static func escaped(_ text: String) -> String {
        if text.utf8.count <= limit, text.utf8.allSatisfy({ isPlain($0) || $0 == 0x20 }) { return text }
        let scalars = text.unicodeScalars
        let kept = scalars.prefix(limit)
        return kept.reduce(into: "") { append($1, to: &$0) } + (kept.endIndex < scalars.endIndex ? "…" : "")
    }

    /// Printable ASCII that means nothing in JSON.
    private static func isPlain(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) && byte != 0x22 && byte != 0x5C }

    private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case _ where isVisible(scalar): text.unicodeScalars.append(scalar)
        default: for unit in String(scalar).utf16 { text += "\\u\(hexadecimal(unit))" }
        }
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }

    private static func hexadecimal(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
