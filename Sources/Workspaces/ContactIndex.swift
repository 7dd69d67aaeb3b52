import Crypto
import EnclaveLink

/// Turns contacts into the digests that the database finds them by, so that a stolen database does not list the
/// people in it.
public struct ContactIndex {
    private let key: SymmetricKey

    /// `key` comes from the enclave, derived from the master key.
    public init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

    /// 32 bytes, different in each workspace.
    public func digest(of contact: ContactAddress, workspace: String) -> [UInt8] {
        digest(contact.kind.rawValue, contact.value, workspace: workspace)
    }

    /// The same for a caller's own name of whoever asks, which often is a contact.
    public func digest(ofRateLimitKey key: String, workspace: String) -> [UInt8] {
        digest("rate-limit-key", key, workspace: workspace)
    }

    private func digest(_ kind: String, _ value: String, workspace: String) -> [UInt8] {
        // The separator cannot occur in a workspace's id nor in a kind.
        var message: [UInt8] = []
        message.reserveCapacity(96)
        message += workspace.utf8
        message.append(UInt8(ascii: "\n"))
        message += kind.utf8
        message.append(UInt8(ascii: "\n"))
        message += value.utf8
        return HMAC<SHA256>.authenticationCode(for: message, using: key).withUnsafeBytes { Array($0) }
    }
}
