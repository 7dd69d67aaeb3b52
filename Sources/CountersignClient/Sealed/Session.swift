import Foundation

/// A person's session. Its token is worth nothing without the client key; both belong where secrets are kept.
public struct Session: Sendable, Hashable, Codable {
    public let id: String
    public let token: Secret
    public let expiresAt: Date
    public let user: User
    /// The client key's thumbprint.
    public let keyThumbprint: String

    public struct User: Sendable, Hashable, Codable {
        public let id: String
        /// True where this login made the user.
        public let isNew: Bool
    }

    /// - Throws: `wrongKey`.
    func check(_ key: some ClientKey) throws(CountersignError) {
        guard key.publicKey.thumbprint == keyThumbprint else { throw .wrongKey("The session") }
    }
}

/// A session as the server sees it now.
public struct SessionState: Sendable, Hashable {
    public let id: String
    public let user: String
    public let expiresAt: Date
}
