import Encodings

extension JSONValue {
    /// The one text of this value by the JSON Canonicalization Scheme (RFC 8785): members sorted by the UTF-16 units of
    /// their names, numbers as ECMAScript writes them, no white space. Equal values have equal texts, so that a digest of
    /// the text is one of the value.
    ///
    /// An integer beyond 2^53 keeps all its digits, where RFC 8785 knows none such: two of them are never the same text.
    public var canonicalText: String {
        var bytes: [UInt8] = []
        appendCanonical(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the canonical text as UTF-8.
    public func appendCanonical(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .number(let value): bytes.append(contentsOf: ECMAScriptNumber.text(value).utf8)
        case .string(let text): JSONText.appendQuoted(text, to: &bytes)
        case .array(let elements): Self.append(elements, "[", "]", to: &bytes) { $0.appendCanonical(to: &$1) }
        case .object(let members):
            let sorted = members.count < 2 ? members : members.sorted { Self.precedes($0.name, $1.name) }
            Self.append(sorted, "{", "}", to: &bytes) { member, bytes in
                JSONText.appendQuoted(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.appendCanonical(to: &bytes)
            }
        }
    }

    private static func append<Part>(
        _ parts: [Part], _ open: Unicode.Scalar, _ close: Unicode.Scalar, to bytes: inout [UInt8],
        _ write: (Part, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        for (position, part) in parts.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            write(part, &bytes)
        }
        bytes.append(UInt8(ascii: close))
    }

    private static func precedes(_ one: String, _ other: String) -> Bool {
        one.utf16.lexicographicallyPrecedes(other.utf16)
    }
}

/// Numbers as ECMAScript's Number.prototype.toString writes them (ECMA-262 §6.1.6.1.20), which RFC 8785 §3.2.2.3 asks for.
enum ECMAScriptNumber {
    static func text(_ value: Double) -> String {
        // JSON has neither infinities nor NaN, and the reader makes none.
        guard value.isFinite else { return "null" }
        guard value != 0 else { return "0" }
        let (digits, exponent) = shortest(value.magnitude)
        return (value < 0 ? "-" : "") + layOut(digits, exponent)
    }

    /// The shortest digits that read back as `value`, and where the decimal point stands: 0.digits × 10^exponent.
    private static func shortest(_ value: Double) -> (digits: String, exponent: Int) {
        // Swift's description has the same digits and another layout.
        let parts = value.description.split(separator: "e")
        let number = parts[0].split(separator: ".")
        let whole = number[0] == "0" ? "" : String(number[0])
        let fraction = number.count < 2 || number[1] == "0" ? "" : String(number[1])
        let written = whole + fraction
        let digits = written.drop { $0 == "0" }
        let leading = written.count - digits.count
        let power = parts.count < 2 ? 0 : Int(parts[1]) ?? 0
        let significant = digits.reversed().drop { $0 == "0" }.reversed()
        return (String(significant), whole.count - leading + power)
    }

    private static func layOut(_ digits: String, _ exponent: Int) -> String {
        switch exponent {
        case digits.count...21 where digits.count <= 21:
            return digits + String(repeating: "0", count: exponent - digits.count)
        case 1...21: return digits.prefix(exponent) + "." + digits.dropFirst(exponent)
        case -5...0: return "0." + String(repeating: "0", count: -exponent) + digits
        default:
            let mantissa = digits.count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst()
            return mantissa + "e" + (exponent > 0 ? "+" : "-") + String(abs(exponent - 1))
        }
    }
}
