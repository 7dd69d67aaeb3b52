import Crypto
import EnclaveLink

/// A secret text that somebody shows, and of which the database has the digest alone.
protocol DigestedToken: Redacted {
    var value: String { get }
}

extension DigestedToken {
    /// SHA-256, what is stored in the token's place.
    var digest: [UInt8] { Array(SHA256.hash(data: Array(value.utf8))) }
}
