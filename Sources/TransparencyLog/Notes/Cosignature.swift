/// What a witness says about a checkpoint (tlog-cosignature): that at this time it had seen no larger tree of this log,
/// and that this one extends all that it had seen.
public struct Cosignature: Hashable, Sendable {
    /// When it was made, in Unix seconds, at most 2^63 - 1.
    public let time: UInt64
    /// The 64 bytes of its Ed25519 signature over ``message(for:)``.
    public let signature: [UInt8]

    /// Reads what stands after the key's id in a signature line: the time as eight big-endian bytes, the signature.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == 8 + 64 else { return nil }
        time = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        signature = Array(bytes.dropFirst(8))
        guard time <= UInt64(Int64.max) else { return nil }
    }

    /// What it signs for a checkpoint's note of `text`.
    func message(for text: String) -> [UInt8] { Self.message(for: text, at: time) }

    /// What a cosignature made at `time`, in Unix seconds, signs for a checkpoint's note of `text`.
    public static func message(for text: String, at time: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
    }
}
