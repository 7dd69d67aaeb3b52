#if canImport(CryptoKit)
    internal import CryptoKit
    import Foundation
    internal import SealedPasscodes
    import Security

    /// A client key in the device's Secure Enclave: nobody can copy it, this app neither.
    public struct SecureEnclaveKey: ClientKey, Redacted {
        /// The key, encrypted by the Secure Enclave for itself: to be kept, and worth nothing on another device.
        public let representation: Secret
        public let publicKey: PublicKey

        /// False on simulators and old machines; use ``InMemoryKey`` there.
        public static var isAvailable: Bool { SecureEnclave.isAvailable }

        /// A fresh key.
        /// - Parameter accessControl: what signing takes, such as the person's presence; nil for an unlocked device.
        /// - Throws: `keyUnavailable`.
        public init(accessControl: SecAccessControl? = nil) throws(CountersignError) {
            do {
                if let accessControl {
                    self.init(try SecureEnclave.P256.Signing.PrivateKey(accessControl: accessControl))
                } else {
                    self.init(try SecureEnclave.P256.Signing.PrivateKey())
                }
            } catch {
                throw .keyUnavailable()
            }
        }

        /// A key that was kept.
        /// - Throws: `invalidKey`, also for a key of another device.
        public init(representation: Secret) throws(CountersignError) {
            guard let key = try? Self.key(representation) else {
                throw .invalidKey("This is no representation of a SecureEnclaveKey of this device.")
            }
            self.init(key)
        }

        private init(_ key: SecureEnclave.P256.Signing.PrivateKey) {
            representation = Secret(key.dataRepresentation.base64EncodedString())
            publicKey = PublicKey(P256PublicKey(key.publicKey))
        }

        private static func key(_ representation: Secret) throws -> SecureEnclave.P256.Signing.PrivateKey {
            try SecureEnclave.P256.Signing.PrivateKey(
                dataRepresentation: Data(base64Encoded: representation.reveal()) ?? Data())
        }

        public func signature(for message: Data) throws -> Data {
            try Self.key(representation).signature(for: message).rawRepresentation
        }

        public var description: String { "<client key \(publicKey.thumbprint) in the Secure Enclave>" }
    }
#endif
