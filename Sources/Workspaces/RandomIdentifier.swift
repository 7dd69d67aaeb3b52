/// Random identifiers. They name records and open nothing.
public enum RandomIdentifier {
    /// `length` random lower-case hexadecimal digits.
    public static func hexadecimal(length: Int) -> String {
        String(decoding: digits(length), as: UTF8.self)
    }

    /// A random UUID in lower case (RFC 9562 §5.4, version 4).
    public static func uuid() -> String {
        var digits = digits(32)
        digits[12] = UInt8(ascii: "4")
        // The variant: of its four bits the upper two are 1 and 0.
        digits[16] = hexadecimalDigits[Int.random(in: 8...11)]
        let groups = [digits[..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20...]]
        return groups.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
    }

    private static let hexadecimalDigits = Array("0123456789abcdef".utf8)

    private static func digits(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var pool: UInt64 = 0
        var text: [UInt8] = []
        text.reserveCapacity(count)
        for position in 0..<count {
            if position % 16 == 0 { pool = generator.next() }
            text.append(hexadecimalDigits[Int(pool & 15)])
            pool >>= 4
        }
        return text
    }
}
