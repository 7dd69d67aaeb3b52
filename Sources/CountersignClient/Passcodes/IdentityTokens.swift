import Foundation

internal import JOSE

/// Checks identity tokens by the server's key set: signature, `typ`, `iss`, `aud`, `exp` and `nbf`.
public struct IdentityTokens: Sendable {
    /// Seconds that two clocks may differ.
    public static let leeway: TimeInterval = 5

    private let keySets: [KeySetCache]
    private let surroundings: Surroundings
    private let audience: String
    private let issuer: String
    private let acceptsTestTokens: Bool

    init(_ connection: Connection, audience: String, issuer: String, acceptsTestTokens: Bool) {
        // Test keys are in a set of their own unless the server's issuer is on loopback.
        let paths = ["/.well-known/jwks.json"] + (acceptsTestTokens ? ["/.well-known/jwks-test.json"] : [])
        keySets = paths.map { KeySetCache(connection, path: $0) }
        surroundings = connection.surroundings
        self.audience = audience
        self.issuer = issuer
        self.acceptsTestTokens = acceptsTestTokens
    }

    /// Who a token is about.
    /// - Throws: `untrustedToken`; `expired`; where the key set is needed anew, the network's errors.
    public func verify(_ token: Secret) async throws(CountersignError) -> Identity {
        let identity = try Identity(try await claims(token.reveal()))
        guard acceptsTestTokens || !identity.isTest else { throw .untrustedToken("a test key made it") }
        return identity
    }

    private func claims(_ token: String) async throws(CountersignError) -> JSONWebTokenClaims {
        for set in keySets {
            if let claims = try await claims(token, set.keys()) { return claims }
        }
        // A key that is new since the set was fetched.
        for set in keySets {
            if let keys = try await set.newerKeys(), let claims = try claims(token, keys) { return claims }
        }
        throw .untrustedToken("no key of the server signed it")
    }

    /// Nil where the token's key is not in the set.
    private func claims(_ token: String, _ keys: JSONWebKeySet) throws(CountersignError) -> JSONWebTokenClaims? {
        let verifier = IdentityTokenVerifier(
            signatures: JSONWebSignatureVerifier(keys: keys), issuer: issuer, audience: audience,
            type: "identity+jwt", leeway: Self.leeway)
        do {
            return try verifier.verify(token, now: surroundings.now().timeIntervalSince1970)
        } catch {
            switch error.code {
            case .unknownKey: return nil
            case .expired: throw .expired("The identity token")
            default: throw .untrustedToken(fault(error.code))
            }
        }
    }

    private func fault(_ code: JOSEError.Code) -> String {
        switch code {
        case .wrongIssuer: "its issuer is not \(issuer)"
        case .wrongAudience: "it is not for \(audience)"
        case .notYetValid: "its time has not come; check this machine's clock"
        default: code.rawValue
        }
    }
}
