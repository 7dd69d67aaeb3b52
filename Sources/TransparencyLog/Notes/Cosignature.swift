import Encodings

/// What a witness says about a checkpoint (tlog-cosignature): that at this time it had seen no larger tree of this log,
/// and that this one extends all that it had seen.
public struct Cosignature: Hashable, Sendable {
    /// When it was made, in Unix seconds, at most 2^63 - 1.
    public let time: UInt64
    /// The 64 bytes of its Ed25519 signature over ``message(for:)``.
    public let signature: [UInt8]

    /// Reads what a line of a witness says: the time as eight big-endian bytes, then the signature; nil for another form.
    /// Whether the witness made it, ``SignedNote/verify(with:)`` says.
    public init?(_ line: NoteSignature) {
        guard line.bytes.count == 8 + 64 else { return nil }
        time = UInt64(bigEndianBytes: line.bytes.prefix(8))
        signature = Array(line.bytes.dropFirst(8))
        guard time <= UInt64(Int64.max) else { return nil }
    }

    /// What it signs for a checkpoint's note of `text`.
    func message(for text: String) -> [UInt8] { Self.message(for: text, at: time) }

    /// What a cosignature made at `time`, in Unix seconds, signs for a checkpoint's note of `text`.
    public static func message(for text: String, at time: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
    }
}
