import Crypto
import EnclaveLink
import JOSE

/// Signs sessions, after the verification token and the proof of its key were checked.
struct SessionSigner: Sendable {
    let keys: SigningKeyRing
    let verifier: VerificationTokenVerifier

    /// - Throws: `requestRefused` if anything is out of range or the proof is not one of the flow; `keyRefused` unless
    ///   the key is loaded for the flow's sessions.
    func sign(_ request: SignSession, now: EnclaveInstant) throws(EnclaveError) -> SessionFinding {
        try check(request)
        let key = try keys.key(request.keyIdentifier, for: request.scope.flow.sessionPurpose(request.scope.mode))
        let client: VerifiedClient
        do throws(TokenFault) {
            client = try verifier.verify(request.token, in: request.scope, now: now)
            try request.checkProof(of: client, now: now)
        } catch {
            return .refused(error)
        }
        let issuedAt = now.unixMilliseconds / 1000
        let end = issuedAt + Int64(request.lifetime)
        let token =
            switch request.scope.flow {
            case .turnkey: try turnkeySession(request, end: end, with: key)
            case .countersign: try session(request, issuedAt: issuedAt, end: end, with: key)
            }
        return .signed(SessionToken(token), client, expiresAt: end * 1000)
    }

    /// The dialect signs SHA-256 of SHA-256: what ES256 hashes here is a hash already.
    private func turnkeySession(
        _ request: SignSession, end: Int64, with key: SigningKey
    ) throws(EnclaveError) -> String {
        var claims = ClaimsWriter()
        claims.add("exp", end)
        claims.add("public_key", request.sessionKey.compressedHexadecimal)
        claims.add("session_type", "SESSION_TYPE_READ_WRITE")
        claims.add("user_id", request.user)
        claims.add("organization_id", request.scope.organization)
        let input = JSONWebSignature.signingInput(encodedHeader: TurnkeyHeader.encoded, payload: claims.finish())
        return JSONWebSignature.assemble(
            signingInput: input, signature: try key.sign(Array(SHA256.hash(data: input))))
    }

    private func session(
        _ request: SignSession, issuedAt: Int64, end: Int64, with key: SigningKey
    ) throws(EnclaveError) -> String {
        var claims = ClaimsWriter()
        claims.add("iss", request.scope.issuer)
        claims.add("sub", request.user)
        claims.add("aud", request.scope.workspace)
        claims.add("iat", issuedAt)
        claims.add("nbf", issuedAt)
        claims.add("exp", end)
        claims.add("jti", request.session)
        claims.add("sid", request.session)
        claims.add("cnf", json: #"{"jkt":"\#(request.sessionKey.thumbprint)"}"#)
        if request.scope.mode == .test { claims.add("test", true) }
        return try key.signCompact(type: "session+jwt", payload: claims.finish())
    }

    private func check(_ request: SignSession) throws(EnclaveError) {
        let identifiers = ChallengeIssuer.identifierLengths
        guard
            SignSession.lifetimes.contains(request.lifetime), identifiers.contains(request.user.utf8.count),
            identifiers.contains(request.session.utf8.count), request.proof.belongs(to: request.scope.flow)
        else { throw EnclaveError(.requestRefused) }
    }
}

extension LoginProof {
    fileprivate func belongs(to flow: SealedFlow) -> Bool {
        switch self {
        case .message, .stampedBody: flow == .turnkey
        case .possession: flow == .countersign
        }
    }
}
