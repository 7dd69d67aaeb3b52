import Crypto
import JOSE

/// What the browser of an approver shows who entered a code: 256 random bits. The database has its SHA-256.
public struct ApproverSessionToken: Sendable, DigestedToken {
    /// The token itself.
    public let value: String

    /// What somebody presents, whether it is a token or not.
    public init(presented value: String) { self.value = value }

    /// A fresh token.
    init() { value = Base64URL.encode(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }) }

    public var description: String { "<approver session>" }
}
