import Crypto
import EnclaveLink

/// Turns contacts into the digests that the database finds them by, so that a stolen database does not list the
/// people in it.
struct ContactIndex {
    private let key: SymmetricKey

    /// `key` comes from the enclave, derived from the master key.
    init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

    /// 32 bytes, different in each workspace.
    func digest(of contact: ContactAddress, workspace: String) -> [UInt8] {
        digest(contact.kind.rawValue, contact.value, workspace: workspace)
    }

    /// The same for a caller's own name of whoever asks, which often is a contact.
    func digest(ofRateLimitKey key: String, workspace: String) -> [UInt8] {
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

extension [UInt8] {
    /// Lower-case hexadecimal.
    var hexadecimal: String {
        String(unsafeUninitializedCapacity: 2 * count) { text in
            for (index, byte) in enumerated() {
                text[2 * index] = Self.hexadecimalDigit(byte >> 4)
                text[2 * index + 1] = Self.hexadecimalDigit(byte & 15)
            }
            return 2 * count
        }
    }

    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
