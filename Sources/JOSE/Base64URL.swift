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
    public static func encode(_ bytes: some Collection<UInt8>) -> String { encode(Array(bytes)) }

    /// The text for `bytes`, without padding.
    public static func encode(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: encodedLength(of: bytes.count)) { text in
            bytes.withUnsafeBufferPointer { fill(text, with: $0) }
            return encodedLength(of: bytes.count)
        }
    }

    /// Appends the text for `bytes` to `text`, without padding.
    public static func append(_ bytes: some Collection<UInt8>, to text: inout [UInt8]) {
        append(Array(bytes), to: &text)
    }

    /// Appends the text for `bytes` to `text`, without padding.
    public static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        bytes.withUnsafeBufferPointer { append($0, to: &text) }
    }

    /// Appends the text for the bytes of a buffer to `text`, without padding.
    public static func append(_ bytes: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) {
        let start = text.count
        let length = encodedLength(of: bytes.count)
        text.append(contentsOf: repeatElement(0, count: length))
        text.withUnsafeMutableBufferPointer { fill(.init(rebasing: $0[start..<(start + length)]), with: bytes) }
    }

    /// Writes the text for `bytes` into `text`, which has exactly the room for it: four characters for three bytes at
    /// a time, because a token is some 800 bytes long.
    private static func fill(_ text: UnsafeMutableBufferPointer<UInt8>, with bytes: UnsafeBufferPointer<UInt8>) {
        alphabet.withUnsafeBufferPointer { alphabet in
            var source = 0
            var target = 0
            while source + 3 <= bytes.count {
                let group = UInt32(bytes[source]) << 16 | UInt32(bytes[source + 1]) << 8 | UInt32(bytes[source + 2])
                text[target] = alphabet[Int(group >> 18)]
                text[target + 1] = alphabet[Int(group >> 12 & 0x3f)]
                text[target + 2] = alphabet[Int(group >> 6 & 0x3f)]
                text[target + 3] = alphabet[Int(group & 0x3f)]
                source += 3
                target += 4
            }
            guard source < bytes.count else { return }
            let second: UInt32 = source + 1 < bytes.count ? UInt32(bytes[source + 1]) : 0
            let group = UInt32(bytes[source]) << 16 | second << 8
            text[target] = alphabet[Int(group >> 18)]
            text[target + 1] = alphabet[Int(group >> 12 & 0x3f)]
            if source + 1 < bytes.count { text[target + 2] = alphabet[Int(group >> 6 & 0x3f)] }
        }
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
