import Crypto
import Encodings

/// One of the two places in the anchor's file. They are written in turn, so that the one before stays whole while the
/// other one is written.
///
/// A slot is: a title, the generation (8 bytes, big-endian), the length of the heads (4 bytes), the heads, and
/// HMAC-SHA256 over all of it. The generation says which place it belongs to, so that a copy at the other place is none.
struct AnchorSlot: Equatable {
    /// Bytes from the start of one slot to that of the other.
    static let spacing = 4 * 1024 * 1024
    private static let title = Array("countersign log anchor 1\n".utf8)
    private static let headerLength = title.count + 8 + 4

    /// Counts up with every write; the slot with the higher one counts.
    var generation: UInt64
    var heads: AnchoredHeads

    /// Where a slot of this generation is, in bytes from the start of the file.
    static func offset(of generation: UInt64) -> Int { generation.isMultiple(of: 2) ? 0 : spacing }

    /// - Returns: nil if there are more logs than a slot holds.
    func bytes(under key: SymmetricKey) -> [UInt8]? {
        guard let content = try? heads.encoded() else { return nil }
        guard Self.headerLength + content.count + SHA256.byteCount <= Self.spacing else { return nil }
        var bytes = Self.title
        bytes += generation.bigEndianBytes + UInt32(content.count).bigEndianBytes
        bytes += content
        bytes += HMAC<SHA256>.authenticationCode(for: bytes, using: key)
        return bytes
    }
}

extension AnchorSlot {
    /// Reads a slot. What follows it is left over from a longer one.
    /// - Parameters:
    ///   - bytes: what is at the slot's place.
    ///   - offset: that place.
    /// - Returns: nil unless the slot is whole, belongs to this place and was written under `key`.
    init?(_ bytes: [UInt8], at offset: Int, under key: SymmetricKey) {
        guard bytes.count >= Self.headerLength, bytes.starts(with: Self.title) else { return nil }
        let numbers = bytes[Self.title.count..<Self.headerLength]
        let generation = UInt64(bigEndianBytes: numbers.prefix(8))
        let end = Self.headerLength + Int(UInt32(bigEndianBytes: numbers.suffix(4)))
        guard Self.offset(of: generation) == offset, bytes.count >= end + SHA256.byteCount else { return nil }
        let code = bytes[end..<(end + SHA256.byteCount)]
        guard HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bytes[..<end], using: key),
            let heads = try? AnchoredHeads(decoding: bytes[Self.headerLength..<end])
        else { return nil }
        self.init(generation: generation, heads: heads)
    }
}
