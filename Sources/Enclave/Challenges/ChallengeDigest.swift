import Crypto

/// A challenge's short name in the ledger: the first 128 bits of the SHA-256 of its workspace and identifier.
struct ChallengeDigest: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    init(workspace: String, challenge: String) {
        var words: (UInt64, UInt64) = (0, 0)
        let digest = SHA256.hash(data: CountedText.join([workspace, challenge]))
        withUnsafeMutableBytes(of: &words) { target in
            digest.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<16])) }
        }
        (high, low) = words
    }
}
