import Foundation

internal import Crypto
internal import JOSE
internal import SealedPasscodes

/// A client key in this process's memory. Where there is a Secure Enclave, `SecureEnclaveKey` is better.
public struct InMemoryKey: ClientKey, Redacted {
    /// The private key itself, to be kept where secrets are kept, such as a keychain.
    public let representation: Secret
    public let publicKey: PublicKey

    /// A fresh key.
    public init() { self.init(P256.Signing.PrivateKey()) }

    /// A key that was kept.
    /// - Throws: `invalidKey`.
    public init(representation: Secret) throws(CountersignError) {
        guard let key = try? Self.key(representation) else {
            throw .invalidKey("This is no representation of an InMemoryKey.")
        }
        self.init(key)
    }

    private init(_ key: P256.Signing.PrivateKey) {
        representation = Secret(Base64URL.encode(Array(key.rawRepresentation)))
        publicKey = PublicKey(P256PublicKey(key.publicKey))
    }

    private static func key(_ representation: Secret) throws -> P256.Signing.PrivateKey {
        try P256.Signing.PrivateKey(rawRepresentation: Base64URL.decode(representation.reveal()))
    }

    public func signature(for message: Data) throws -> Data {
        try Self.key(representation).signature(for: message).rawRepresentation
    }

    public var description: String { "<client key \(publicKey.thumbprint)>" }
}
