import Crypto

/// A hash of an RFC 6962 Merkle tree: 32 bytes of SHA-256, kept without memory of its own, because a log has millions.
public struct LogHash: Hashable, Sendable {
    /// The number of its bytes.
    public static let length = 32

    private let words: Words

    /// Its bytes in order, in the machine's own order within each word.
    private struct Words: Hashable {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        var fourth: UInt64 = 0
    }

    /// The hash with these bytes.
    /// - Throws: ``LogError`` with `badHash` unless they are 32.
    public init(_ bytes: some Collection<UInt8>) throws(LogError) {
        guard bytes.count == Self.length else { throw LogError(.badHash, "A hash has \(Self.length) bytes.") }
        var words = Words()
        Swift.withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
        self.words = words
    }

    /// The hash that `text` spells in standard base64 (RFC 4648 §4), the only way it may be spelled.
    /// - Throws: ``LogError`` with `badHash`.
    public init(base64 text: some StringProtocol) throws(LogError) {
        guard let bytes = Base64.decode(text) else { throw LogError(.badHash, "A hash is 44 characters of base64.") }
        try self.init(bytes)
    }

    private init(_ digest: SHA256Digest) {
        var words = Words()
        withUnsafeMutableBytes(of: &words) { room in
            digest.withUnsafeBytes { room.copyMemory(from: $0) }
        }
        self.words = words
    }

    /// The hash of a tree without entries: of nothing.
    public static let empty = LogHash(SHA256().finalize())

    /// The hash of an entry as a leaf: `H(0x00 || entry)`.
    public static func leaf(_ entry: some Collection<UInt8>) -> LogHash {
        entry.withContiguousStorageIfAvailable { leaf(UnsafeRawBufferPointer($0)) }
            ?? Array(entry).withUnsafeBytes { leaf($0) }
    }

    private static func leaf(_ entry: UnsafeRawBufferPointer) -> LogHash {
        var hasher = SHA256()
        Swift.withUnsafeBytes(of: leafPrefix) { hasher.update(bufferPointer: $0) }
        hasher.update(bufferPointer: entry)
        return LogHash(hasher.finalize())
    }

    /// The hash of the node above two others: `H(0x01 || left || right)`.
    public static func node(_ left: LogHash, _ right: LogHash) -> LogHash {
        withUnsafeTemporaryAllocation(byteCount: 1 + 2 * length, alignment: 1) { room in
            room[0] = nodePrefix
            left.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: room[1...]).copyMemory(from: $0) }
            right.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(rebasing: room[(1 + length)...]).copyMemory(from: $0)
            }
            var hasher = SHA256()
            hasher.update(bufferPointer: UnsafeRawBufferPointer(room))
            return LogHash(hasher.finalize())
        }
    }

    private static let leafPrefix: UInt8 = 0
    private static let nodePrefix: UInt8 = 1

    /// Calls `body` with its 32 bytes.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        Swift.withUnsafeBytes(of: words, body)
    }

    /// Its 32 bytes.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// Its 44 characters of standard base64.
    public var base64: String { Base64.encode(bytes) }
}

extension LogHash: CustomStringConvertible {
    public var description: String { base64 }
}
