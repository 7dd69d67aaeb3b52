import EnclaveLink
import Encodings
import JOSE

/// Signs permissions' tokens (RFC 9068's shape, RFC 9396's details), which the acting service checks offline and redeems
/// once.
struct PermissionSigner: Sendable {
    static let type = "permission+jwt"
    /// `type` of the one element of `authorization_details`.
    static let detailsType = "countersign-permission"

    let keys: SigningKeyRing
    let randomness: any RandomSource

    /// - Throws: `requestRefused` if anything is out of range; `keyRefused` unless the key is loaded for permissions.
    func sign(_ request: SignPermission, now: EnclaveInstant) throws(EnclaveError) -> SignedPermission {
        let scope = try check(request, now: now)
        let key = try keys.key(request.keyIdentifier, for: .permission(request.mode))
        let issuedAt = now.unixMilliseconds / 1000
        var claims = ClaimsWriter()
        claims.add("iss", request.issuer)
        claims.add("sub", request.agent)
        claims.add("client_id", request.agent)
        claims.add("aud", request.workspace)
        claims.add("iat", issuedAt)
        claims.add("nbf", issuedAt)
        // Never a part of a second longer than the permission.
        claims.add("exp", request.expiresAt / 1000)
        claims.add("jti", Base64URL.encode(randomness.bytes(16)))
        claims.add("authorization_details", json: "[\(details(of: request, scope: scope))]")
        if let thumbprint = request.clientKey { claims.add("cnf", json: #"{"jkt":\#(JSONText.quoted(thumbprint))}"#) }
        if request.mode == .test { claims.add("test", true) }
        return SignedPermission(try key.signCompact(type: Self.type, payload: claims.finish()))
    }

    private func details(of request: SignPermission, scope: JSONValue) -> String {
        var details = ClaimsWriter()
        details.add("type", Self.detailsType)
        details.add("identifier", request.permission)
        details.add("actions", [request.action])
        if let resource = request.resource { details.add("resource", resource) }
        // Written anew from what was read, so that a host slips no further claim in.
        details.add("scope", json: scope.description)
        return String(decoding: details.finish(), as: UTF8.self)
    }

    /// The scope, if all is in range.
    private func check(_ request: SignPermission, now: EnclaveInstant) throws(EnclaveError) -> JSONValue {
        let identifiers = ChallengeIssuer.identifierLengths
        let longest = Int64(SignPermission.lifetimes.upperBound) * 1000
        guard
            // A difference of what a host makes up might not fit.
            request.expiresAt > now.unixMilliseconds, request.expiresAt <= now.unixMilliseconds + longest,
            IdentityTokenRequest.nameLengths.contains(request.issuer.utf8.count),
            [request.workspace, request.agent, request.permission].allSatisfy({ identifiers.contains($0.utf8.count) }),
            (1...255).contains(request.action.utf8.count), request.resource.map({ $0.utf8.count <= 1_024 }) ?? true,
            request.clientKey.map({ $0.utf8.count == 43 }) ?? true,
            request.scope.utf8.count <= SignPermission.scopeLimit,
            let scope = try? JSONValue(parsing: Array(request.scope.utf8)), scope.members != nil
        else { throw EnclaveError(.requestRefused) }
        return scope
    }
}
