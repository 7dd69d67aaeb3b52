import Crypto
import EnclaveLink

/// A short name in the ledger, of a challenge or of a contact: the first 128 bits of a SHA-256.
struct ChallengeDigest: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// A challenge's short name. Its expiry is part of it: of two codes that a host has made under one name, the one
    /// that dies first must not take the other's count with it.
    /// - Parameter expiry: in steady milliseconds.
    init(workspace: String, challenge: String, expiry: Int64) {
        self.init(["challenge", workspace, challenge, String(expiry)])
    }

    /// A contact's short name, the same in every workspace.
    init(contact: ContactAddress) { self.init(["contact", contact.kind.rawValue, contact.value]) }

    private init(_ parts: [String]) {
        var words: (UInt64, UInt64) = (0, 0)
        let digest = SHA256.hash(data: CountedText.join(parts))
        withUnsafeMutableBytes(of: &words) { target in
            digest.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<16])) }
        }
        (high, low) = words
    }
}
