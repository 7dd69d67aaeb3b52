import EnclaveLink
import HTTPServer
import Workspaces

/// How the master key is kept, on the wire of the operator's API.
public struct VaultAnswer: Codable, Sendable {
    public struct Wrapping: Codable, Sendable {
        public var token: String
        public var key: String
    }

    /// Nil where the master key stands in its file in the clear.
    public var wrappedBy: Wrapping?
    /// In rising order; the last one seals.
    public var versions: [UInt32]
    /// RSA keys of identity tokens in the HSM; nil where they are in the enclave.
    public var identityKeys: UInt32?
    /// Those of them that this installation does not have: their `CKA_ID` in hexadecimal.
    public var unknownIdentityKeys: [String]?

    enum CodingKeys: String, CodingKey {
        case wrappedBy = "wrapped_by"
        case versions
        case identityKeys = "identity_keys"
        case unknownIdentityKeys = "unknown_identity_keys"
    }

    init(_ description: VaultDescription) {
        wrappedBy = description.wrapping.map { Wrapping(token: $0.token, key: $0.key) }
        versions = description.versions
        identityKeys = description.identityKeys?.count
        unknownIdentityKeys = description.identityKeys?.unknown
    }
}

extension OperatorRoutes {
    func registerVault(in router: inout Router) throws {
        try on(.GET, "/v1/vault", in: &router) { _, _ in
            try Response.json(VaultAnswer(try await rooms.masterKey.describe()))
        }
        try on(.POST, "/v1/vault/rotate", in: &router) { _, identity in
            try await requireInstallation(identity)
            return try Response.json(VaultAnswer(try await rooms.masterKey.rotate(origin: identity.origin)))
        }
        try on(.POST, "/v1/vault/retire", in: &router) { _, identity in
            try await requireInstallation(identity)
            return try Response.json(VaultAnswer(try await rooms.masterKey.retire(origin: identity.origin)))
        }
    }

    /// The master key is everybody's: where there are several workspaces, none of them changes it over the network.
    ///
    /// - Throws: `keyNotPermitted`.
    private func requireInstallation(_ identity: CallerIdentity) async throws {
        if case .localUser = identity.authority { return }
        guard try await rooms.directory.all().count > 1 else { return }
        throw WorkspaceError.keyNotPermitted(
            "Where there are several workspaces the master key is changed on the server itself: countersign vault.")
    }
}
