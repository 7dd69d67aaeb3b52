import HTTPServer
import Passcodes
import Workspaces

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
        return try Response.json(KeyListing(keys: keys.map { KeyDescription($0) }))
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
        try await rooms.signingKeys.rotate(enclave: rooms.enclave, origin: identity.origin)
        return try describeSigningKeys()
    }

    private func describeSigningKeys() throws -> Response {
        try Response.json(SigningKeyListing(signingKeys: rooms.signingKeys.all.map(SigningKeyDescription.init)))
    }
}
