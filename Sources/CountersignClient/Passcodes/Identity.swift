import Foundation

internal import JOSE

/// What an identity token says, once it is known to be good.
public struct Identity: Sendable, Hashable {
    public enum Contact: Sendable, Hashable {
        case phone(String)
        case email(String)
    }

    /// `sub`: stable for one contact in one workspace, and says nothing elsewhere.
    public let subject: String
    /// What the person proved to hold.
    public let contact: Contact
    /// `amr` (RFC 8176).
    public let methods: [String]
    /// `acr`: what the proof is worth.
    public let assurance: String?
    /// `jti`. Remember it until `expiresAt` where a token must not be taken twice.
    public let identifier: String
    public let issuedAt: Date
    public let expiresAt: Date
    /// True for a token that a test key made.
    public let isTest: Bool

    init(_ claims: JSONWebTokenClaims) throws(CountersignError) {
        guard let subject = claims.subject, let identifier = claims.identifier, let issuedAt = claims.issuedAt,
            let expiresAt = claims.expiration, let contact = Self.contact(claims)
        else { throw .untrustedToken("a claim is missing") }
        self.subject = subject
        self.contact = contact
        self.identifier = identifier
        self.issuedAt = Date(timeIntervalSince1970: issuedAt)
        self.expiresAt = Date(timeIntervalSince1970: expiresAt)
        methods = claims["amr"]?.elements?.compactMap(\.text) ?? []
        assurance = claims["acr"]?.text
        isTest = claims["test"].map { $0 != .boolean(false) } ?? false
    }

    private static func contact(_ claims: JSONWebTokenClaims) -> Contact? {
        claims["phone"]?.text.map { .phone($0) } ?? claims["email"]?.text.map { .email($0) }
    }
}
