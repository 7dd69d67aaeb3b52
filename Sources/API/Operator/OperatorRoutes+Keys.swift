import HTTPServer
import Passcodes
import SealedPasscodes
import Workspaces

extension OperatorRoutes {
    private struct KeyWish: Decodable {
        static let fields = ["kind", "name", "expires_in_days", "public_key"] + KeyLimitsWish.fields

        var kind: KeyKind
        var name: String?
        var expiresInDays: Int?
        /// Of a stamp key: the compressed point in hexadecimal.
        var publicKey: String?

        enum CodingKeys: String, CodingKey {
            case kind, name
            case expiresInDays = "expires_in_days"
            case publicKey = "public_key"
        }
    }

    /// `GET /v1/keys`
    @Sendable func listKeys(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let keys = try await rooms.keys.list(workspace: identity.workspace.id)
        return try Response.json(KeyListing(keys: keys.map { KeyDescription($0, at: rooms.clock.now()) }))
    }

    /// `POST /v1/keys`
    @Sendable func createKey(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let wish = try request.read(KeyWish.self, fields: KeyWish.fields)
        guard wish.kind != .stamp else {
            return try await registerStamp(wish, try KeyLimitsWish(request).limits, identity)
        }
        guard wish.publicKey == nil else { throw Problem.invalidField("public_key", "is for keys of the kind stamp.") }
        let created = try await rooms.keys.create(
            workspace: identity.workspace.id, kind: wish.kind, name: wish.name ?? "", lifetime: wish.expiresInDays,
            limits: try KeyLimitsWish(request).limits, origin: identity.origin)
        return try Response.json(
            KeyDescription(created.key, at: rooms.clock.now(), key: created.secret.text), status: .created)
    }

    private func registerStamp(
        _ wish: KeyWish, _ limits: KeyLimits, _ identity: CallerIdentity
    ) async throws -> Response {
        guard let text = wish.publicKey else { throw RequestBodyError.missingField("public_key") }
        let key = try await rooms.keys.register(
            stamp: try Self.stampKey(text), workspace: identity.workspace.id, name: wish.name ?? "",
            lifetime: wish.expiresInDays, limits: limits, origin: identity.origin)
        return try Response.json(KeyDescription(key, at: rooms.clock.now()), status: .created)
    }

    /// `PATCH /v1/keys/:id`: from where the key is accepted, and what it may do. What is not sent stays.
    @Sendable func changeKey(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let wish = try KeyLimitsWish(request)
        try request.checkFields(KeyLimitsWish.fields)
        let key = try await rooms.keys.update(
            request.parameter("id"), workspace: identity.workspace.id, origin: identity.origin
        ) { wish.apply(to: &$0) }
        return try Response.json(KeyDescription(key, at: rooms.clock.now()))
    }

    private static let compressedForm = "02 or 03 and x, 66 hexadecimal digits"

    private static func stampKey(_ text: String) throws(Problem) -> P256PublicKey {
        do {
            return try P256PublicKey(compressedHexadecimal: text)
        } catch  where error.code == .uncompressedPoint {
            throw .invalidField("public_key", "is uncompressed. Send the compressed point: \(compressedForm).")
        } catch  where text.wholeMatch(of: /0[23][0-9A-Fa-f]{64}/) != nil {
            throw .invalidField(
                "public_key", "is no point of P-256 (secp256r1): it has the form, but may be of another curve.")
        } catch {
            throw .invalidField("public_key", "must be a compressed point of P-256: \(compressedForm).")
        }
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

    private struct RotationWish: Decodable {
        static let fields = ["pinned", "force"]

        /// True for the keys that clients pin, and them alone.
        var pinned: Bool?
        /// True for pinned keys that were rotated less than a day ago, too.
        var force: Bool?
    }

    /// `POST /v1/signing-keys/rotate`: without a body the keys that verifiers find in the key set.
    @Sendable func rotateSigningKeys(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let wish = try request.readOptional(RotationWish.self, fields: RotationWish.fields) ?? RotationWish()
        let pinned = wish.pinned == true
        try await rooms.signingKeys.rotate(
            pinned ? SigningKeys.rotatingOnDemand : SigningKeys.rotatingByThemselves, force: wish.force == true,
            enclave: rooms.enclave, origin: identity.origin)
        return try describeSigningKeys(warnings: pinned ? [Self.pinnedWarning] : [])
    }

    private static let pinnedWarning =
        """
        Clients that pin the old keys refuse this server from now on, unless they follow the endorsements in \
        /.well-known/countersign. Update those that cannot.
        """

    private func describeSigningKeys(warnings: [String]? = nil) throws -> Response {
        try Response.json(
            SigningKeyListing(
                signingKeys: rooms.signingKeys.all.map(SigningKeyDescription.init), warnings: warnings))
    }
}
