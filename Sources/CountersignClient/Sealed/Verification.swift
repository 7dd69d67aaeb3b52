import Foundation

/// What a right code is worth: a token that serves the client key that the code was sealed with, and nobody else.
public struct Verification: Sendable, Hashable, Codable {
    public let token: Secret
    public let expiresAt: Date
    /// The client key's thumbprint.
    public let keyThumbprint: String

    /// - Throws: `wrongKey`.
    func check(_ key: some ClientKey) throws(CountersignError) {
        guard key.publicKey.thumbprint == keyThumbprint else { throw .wrongKey("The verification") }
    }
}
