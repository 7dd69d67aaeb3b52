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
        digits[16] = variant
        return grouped(digits)
    }

    /// A UUID whose first 48 bits are a time, in lower case (RFC 9562 §5.7, version 7): rows that are made one after the
    /// other lie beside each other on the disk. Its other 74 bits are random. For what its holder may know the age of.
    ///
    /// - Parameter time: Unix milliseconds.
    public static func uuid(at time: Int64) -> String {
        var digits = digits(32)
        for position in 0..<12 { digits[position] = hexadecimalDigits[Int(time >> (44 - 4 * position) & 15)] }
        digits[12] = UInt8(ascii: "7")
        digits[16] = variant
        return grouped(digits)
    }

    /// 32 hexadecimal digits with a UUID's hyphens.
    static func grouped(_ digits: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (position, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(position) { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Of the variant's four bits the upper two are 1 and 0 (RFC 9562 §4.1).
    private static var variant: UInt8 { hexadecimalDigits[Int.random(in: 8...11)] }

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
