/// A double as ECMAScript writes it (ECMA-262 §6.1.6.1.20, which RFC 8785 §3.2.2.3 prescribes): the fewest digits that
/// read back as the same double, with an exponent from 10²¹ up and below 10⁻⁶.
struct NumberText {
    let text: String

    /// The text of a finite number.
    init(_ value: Double) {
        // Minus zero is zero.
        guard value != 0 else {
            text = "0"
            return
        }
        let (digits, point) = Self.digits(of: value.magnitude)
        text = (value < 0 ? "-" : "") + Self.text(digits, point: point)
    }

    /// The digits without zeros at either end, and where the decimal point stands: 1 is after the first digit.
    private static func digits(of magnitude: Double) -> (digits: [UInt8], point: Int) {
        // Swift's own text has the digits that are wanted: the fewest, and of those the closest.
        let parts = magnitude.description.utf8.split(separator: UInt8(ascii: "e"))
        let mantissa = Array(parts[0])
        let exponent = parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) ?? 0 : 0
        let whole = mantissa.prefix { $0 != UInt8(ascii: ".") }.count
        var digits = mantissa.filter { $0 != UInt8(ascii: ".") }
        let zeros = digits.prefix { $0 == zero }.count
        digits.removeFirst(zeros)
        while digits.last == zero { digits.removeLast() }
        return (digits, whole + exponent - zeros)
    }

    private static func text(_ digits: [UInt8], point: Int) -> String {
        switch point {
        case digits.count...21: text(digits) + zeros(point - digits.count)
        case 1..<digits.count where point <= 21: text(digits[..<point]) + "." + text(digits[point...])
        case -5...0: "0." + zeros(-point) + text(digits)
        default:
            text(digits[..<1]) + (digits.count > 1 ? "." + text(digits[1...]) : "")
                + (point > 0 ? "e+\(point - 1)" : "e\(point - 1)")
        }
    }

    private static let zero = UInt8(ascii: "0")

    private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }

    private static func text(_ digits: some Collection<UInt8>) -> String { String(decoding: digits, as: UTF8.self) }
}
