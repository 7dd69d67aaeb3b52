import Crypto
import EnclaveLink

/// What an agent shows to do once what it was permitted: `otp_` and 32 random characters (190 bits). It exists in the
/// answer that hands it out and nowhere else: the database has its SHA-256.
public struct PermissionToken: Sendable, Redacted {
    static let prefix = "otp_"
    static let randomLength = 32
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// The token itself.
    public let value: String

    /// What somebody presents, whether it is a token or not.
    public init(presented value: String) { self.value = value }

    /// A fresh token.
    init(using generator: inout some RandomNumberGenerator) {
        var characters = Array(Self.prefix.utf8)
        characters.reserveCapacity(characters.count + Self.randomLength)
        for _ in 0..<Self.randomLength {
            characters.append(Self.alphabet[Int.random(in: 0..<Self.alphabet.count, using: &generator)])
        }
        value = String(decoding: characters, as: UTF8.self)
    }

    /// SHA-256, what is stored in the token's place.
    var digest: [UInt8] { Array(SHA256.hash(data: Array(value.utf8))) }

    /// Whether this is the token with a stored digest. The digests are compared in constant time.
    func matches(_ stored: [UInt8]) -> Bool {
        let own = digest
        guard own.count == stored.count else { return false }
        return zip(own, stored).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    public var description: String { "<permission token>" }
}
