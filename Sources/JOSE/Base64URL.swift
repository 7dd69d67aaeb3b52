/// Base64url without padding (RFC 7515 §2 and appendix C, RFC 4648 §5).
public enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let foreign: UInt8 = 0xff
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: foreign, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()

    /// The number of characters that `count` bytes take.
    public static func encodedLength(of count: Int) -> Int { (count * 4 + 2) / 3 }

    /// The text for `bytes`, without padding.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(encodedLength(of: bytes.count))
        append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the text for `bytes` to `text`, without padding.
    public static func append(_ bytes: some Collection<UInt8>, to text: inout [UInt8]) {
        var pending: UInt32 = 0
        var bits = 0
        for byte in bytes {
            pending = (pending << 8 | UInt32(byte)) & 0xffff
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(pending >> UInt32(bits)) & 0x3f])
            }
        }
        if bits > 0 { text.append(alphabet[Int(pending << UInt32(6 - bits)) & 0x3f]) }
    }

    /// The bytes that `text` stands for.
    ///
    /// Refuses padding, whitespace, characters of plain base64, an impossible length and trailing bits that are not
    /// zero, so that exactly one text stands for each sequence of bytes.
    /// - Throws: ``JOSEError`` with `notBase64URL`.
    public static func decode(_ text: some StringProtocol) throws(JOSEError) -> [UInt8] {
        try decode(Array(text.utf8)[...])
    }

    /// The bytes that the ASCII characters `text` stand for; refuses what ``decode(_:)-(StringProtocol)`` refuses.
    /// - Throws: ``JOSEError`` with `notBase64URL`.
    public static func decode(_ text: ArraySlice<UInt8>) throws(JOSEError) -> [UInt8] {
        guard text.count % 4 != 1 else { throw JOSEError(.notBase64URL) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var pending: UInt32 = 0
        var bits = 0
        for character in text {
            let value = values[Int(character)]
            guard value != foreign else { throw JOSEError(.notBase64URL) }
            pending = (pending << 6 | UInt32(value)) & 0xffff
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(bits)))
            }
        }
        let trailing = pending & ((1 << UInt32(bits)) - 1)
        guard trailing == 0 else { throw JOSEError(.notBase64URL) }
        return bytes
    }
}
