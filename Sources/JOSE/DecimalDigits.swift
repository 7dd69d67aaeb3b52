/// A decimal number as its digits and where its point stands, so that two spellings of one number are equal: `1.50`,
/// `15e-1`.
struct DecimalDigits: Equatable {
    private let isNegative: Bool
    /// Without zeros at either end; empty for zero.
    private let digits: [UInt8]
    /// The power of ten of the last digit.
    private let exponent: Int

    private static let zero = UInt8(ascii: "0")

    /// Reads the text of a JSON number (RFC 8259 §6). An exponent beyond 64 bits counts as none: no double has it.
    init(_ text: String) {
        let mantissa = text.prefix { $0 != "e" && $0 != "E" }
        let fraction = mantissa.drop { $0 != "." }.dropFirst()
        let shown = mantissa.utf8.filter { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        let significant = shown.reversed().drop { $0 == Self.zero }.reversed()
        digits = Array(significant.drop { $0 == Self.zero })
        isNegative = mantissa.first == "-" && !digits.isEmpty
        let power = Int(text.dropFirst(mantissa.count + 1)) ?? 0
        let shift = shown.count - significant.count - fraction.count
        exponent = digits.isEmpty ? 0 : power.addingReportingOverflow(shift).partialValue
    }
}
