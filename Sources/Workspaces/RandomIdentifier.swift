/// Random identifiers. They name records and open nothing.
public enum RandomIdentifier {
    /// `length` random lower-case hexadecimal digits.
    public static func hexadecimal(length: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef".utf8)
        var pool: UInt64 = 0
        var text: [UInt8] = []
        text.reserveCapacity(length)
        for position in 0..<length {
            if position % 16 == 0 { pool = generator.next() }
            text.append(digits[Int(pool & 15)])
            pool >>= 4
        }
        return String(decoding: text, as: UTF8.self)
    }
}
