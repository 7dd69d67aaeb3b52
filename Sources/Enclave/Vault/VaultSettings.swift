import Configuration
import EnclaveLink

/// The HSM whose key wraps the master key: section `vault` of `enclave.yaml`.
struct VaultSettings: Equatable, Sendable {
    /// Where the PIN is. It is read by the process that talks to the HSM, and by no other.
    enum PINSource: Equatable, Sendable {
        case file(String)
        /// A name in the folder that the service manager gives (systemd.exec(5), `LoadCredential=`).
        case credential(String)
        /// An open file that `countersign serve` was started with.
        case descriptor
    }

    /// The vendor's PKCS #11 module, an absolute path.
    var module: String
    var token: TokenName
    /// The label of the AES-256 key that wraps.
    var key: String
    var pin: PINSource
    /// Environment variables that the module reads.
    var environment: [String: String] = [:]
    /// Whether RSA keys of identity tokens are made in the HSM and sign there.
    var holdsIdentityKeys = false

    /// The key that wraps, as it is told.
    var wrapping: VaultDescription.Wrapping { VaultDescription.Wrapping(token: token.text, key: key) }
}
