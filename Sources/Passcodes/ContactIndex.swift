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
        Array(
            HMAC<SHA256>.authenticationCode(
                for: Array("\(workspace)\n\(contact.kind.rawValue)\n\(contact.value)".utf8), using: key))
    }
}

extension [UInt8] {
    /// Lower-case hexadecimal.
    var hexadecimal: String {
        let digits = Array<UInt8>("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
