import HTTPServer
import Passcodes
import Workspaces

private struct KeyDescription: Encodable {
    var id: String
    var kind: KeyKind
    var name: String
    var hint: String
    var createdAt: String
    var expiresAt: String?
    var revokedAt: String?
    var lastUsedAt: String?
    /// Only in the answer that created it.
    var key: String?

    enum CodingKeys: String, CodingKey {
        case id, kind, name, hint
        case createdAt = "created_at"
        case expiresAt = "expires_at"
        case revokedAt = "revoked_at"
        case lastUsedAt = "last_used_at"
        case key
    }

    init(_ stored: APIKey, key: String? = nil) {
        id = stored.id
        kind = stored.kind
        name = stored.name
        hint = stored.hint
        createdAt = WireTime.text(stored.createdAt)
        expiresAt = stored.expiresAt.map(WireTime.text)
        revokedAt = stored.revokedAt.map(WireTime.text)
        lastUsedAt = stored.lastUsedAt.map(WireTime.text)
        self.key = key
    }
}

private struct SigningKeyDescription: Encodable {
    var id: String
    var purpose: String
    var algorithm: String
    var state: SigningKey.State
    var createdAt: String
    var activatedAt: String?
    var retiredAt: String?

    enum CodingKeys: String, CodingKey {
        case id = "kid"
        case purpose, algorithm, state
        case createdAt = "created_at"
        case activatedAt = "activated_at"
        case retiredAt = "retired_at"
    }

    init(_ key: SigningKey) {
        id = key.id
        purpose = key.purpose.rawValue
        algorithm = key.algorithm.rawValue
        state = key.state
        createdAt = WireTime.text(key.createdAt)
        activatedAt = key.activatedAt.map(WireTime.text)
        retiredAt = key.retiredAt.map(WireTime.text)
    }
}

extension OperatorRoutes {
    private struct KeyWish: Decodable {
        var kind: KeyKind
        var name: String?
        var expiresInDays: Int?

        enum CodingKeys: String, CodingKey {
            case kind, name
            case expiresInDays = "expires_in_days"
        }
    }

    /// `GET /v1/keys`
    @Sendable func listKeys(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let keys = try await rooms.keys.list(workspace: identity.workspace.id)
        return try Response.json(["keys": keys.map { KeyDescription($0) }])
    }

    /// `POST /v1/keys`
    @Sendable func createKey(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let wish = try request.decode(KeyWish.self)
        try request.checkFields(["kind", "name", "expires_in_days"])
        let created = try await rooms.keys.create(
            workspace: identity.workspace.id, kind: wish.kind, name: wish.name ?? "", lifetime: wish.expiresInDays,
            origin: identity.origin)
        return try Response.json(KeyDescription(created.key, key: created.secret.text), status: .created)
    }

    /// `DELETE /v1/keys/:id`
    @Sendable func revokeKey(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let id = request.parameter("id")
        do {
            try await rooms.keys.revoke(id, workspace: identity.workspace.id, origin: identity.origin)
        } catch {
            // Ending what has ended is no failure for whoever wants it ended.
            guard error.code == .keyRevoked else { throw error }
        }
        return Response(status: .noContent)
    }

    /// `GET /v1/signing-keys`
    @Sendable func listSigningKeys(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        try describeSigningKeys()
    }

    /// `POST /v1/signing-keys/rotate`
    @Sendable func rotateSigningKeys(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        try await rooms.signingKeys.rotate(rooms.enclave, origin: identity.origin)
        return try describeSigningKeys()
    }

    private func describeSigningKeys() throws -> Response {
        try Response.json(["signing_keys": rooms.signingKeys.all.map(SigningKeyDescription.init)])
    }
}
