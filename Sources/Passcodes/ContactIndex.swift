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
        // The separator cannot occur in a workspace's id nor in a contact.
        var message: [UInt8] = []
        message.reserveCapacity(96)
        message += workspace.utf8
        message.append(UInt8(ascii: "\n"))
        message += String(contact.kind.rawValue).utf8
        message.append(UInt8(ascii: "\n"))
        message += contact.value.utf8
        return HMAC<SHA256>.authenticationCode(for: message, using: key).withUnsafeBytes { Array($0) }
    }
}

extension EnclaveCalling {
    /// The digest of a contact. Throws `unavailable` while the enclave, which has the key, is not up.
    func digest(of contact: ContactAddress, workspace: String) throws(PasscodeError) -> [UInt8] {
        guard let greeting else { throw .unavailable("the enclave is not up") }
        return ContactIndex(key: greeting.contactIndexKey).digest(of: contact, workspace: workspace)
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
