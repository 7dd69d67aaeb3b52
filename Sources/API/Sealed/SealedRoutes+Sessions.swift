import EnclaveLink
import HTTPServer
import Passcodes
import SealedPasscodes
import Workspaces

extension SealedRoutes {
    private struct LoginBody: Decodable {
        static let fields = ["verification_token", "invalidate_existing"]

        var verificationToken: String
        var invalidateExisting: Bool?

        enum CodingKeys: String, CodingKey {
            case verificationToken = "verification_token"
            case invalidateExisting = "invalidate_existing"
        }
    }

    /// `POST /v1/sessions`
    @Sendable func logIn(_ request: Request, _ caller: SealedCaller) async throws -> Response {
        let body = try request.read(LoginBody.self, fields: LoginBody.fields)
        let proof = try request.possessionProof()
        let expectation = rooms.expectation(of: request, token: nil)
        let opened = try await rooms.sessions.logIn(
            LoginWish(
                token: VerificationToken(body.verificationToken), flow: .countersign,
                proof: .possession(proof.text, method: expectation.method, addresses: expectation.addresses),
                sessionKey: proof.key, lifetime: nil, invalidatesExisting: body.invalidateExisting ?? false,
                signsUp: true),
            for: caller.caller)
        return try Response.json(OpenedSessionDescription(opened), status: .created)
    }

    /// `DELETE /v1/sessions/:id` with a secret key: any session of its workspace and mode.
    @Sendable func endAnySession(_ request: Request, _ caller: SealedCaller) async throws -> Response {
        guard caller.visitor == nil else { throw Problem.sessionMissing }
        try await rooms.sessions.end(request.parameter("id"), for: caller.caller)
        return Response(status: .noContent)
    }
}

/// A session on the wire; times are RFC 3339.
struct SessionDescription: Encodable {
    var id: String
    var createdAt: String
    var expiresAt: String

    enum CodingKeys: String, CodingKey {
        case id
        case createdAt = "created_at"
        case expiresAt = "expires_at"
    }

    init(_ session: Session) {
        id = session.id
        createdAt = WireTime.text(session.createdAt)
        expiresAt = WireTime.text(session.expiresAt)
    }
}

/// What `POST /v1/sessions` answers.
private struct OpenedSessionDescription: Encodable {
    struct User: Encodable {
        var id: String
        /// True where the login made the user.
        var created: Bool
    }

    var session: SessionDescription
    var token: String
    /// RFC 9449 §5.
    var tokenType = "DPoP"
    var user: User

    enum CodingKeys: String, CodingKey {
        case session
        case token = "session_token"
        case tokenType = "token_type"
        case user
    }

    init(_ opened: OpenedSession) {
        session = SessionDescription(opened.session)
        token = opened.token.value
        user = User(id: opened.session.user.id, created: opened.isNewUser)
    }
}
