import EnclaveLink
import Workspaces

/// How a token is spelled.
public enum TokenFormat: String, CaseIterable, Sendable {
    /// ``PermissionToken``: says nothing to whoever has it.
    case opaque
    /// A JWT of the type `permission+jwt`, which the acting service checks by the key set before it redeems it.
    case jwt
}

extension TokenFormat {
    /// Throws `invalidFields`, of `field`, for a granted scope that is too long for a token of this format.
    func requireRoom(for scope: StoredJSON, _ field: String = "tokenFormat") throws(PermissionError) {
        guard self == .jwt, scope.text.utf8.count > SignPermission.scopeLimit else { return }
        throw .invalidField(
            field,
            "must leave a granted scope of at most \(SignPermission.scopeLimit) bytes, which a signed token holds")
    }
}

/// Has the enclave sign tokens. They are redeemed as others are: by what is stored of them, once.
public struct PermissionTokenSigner: Sendable {
    let enclave: any EnclaveCalling
    let issuer: String
    let currentKey: @Sendable (ChallengeMode) throws -> String

    /// - Parameters:
    ///   - issuer: `iss`.
    ///   - currentKey: the `kid` of the key that signs permissions of a mode.
    public init(
        enclave: any EnclaveCalling, issuer: String, currentKey: @escaping @Sendable (ChallengeMode) throws -> String
    ) {
        self.enclave = enclave
        self.issuer = issuer
        self.currentKey = currentKey
    }

    /// The signed token of a permission that was approved. Throws `unavailable` where the enclave does not answer.
    func sign(_ permission: Permission, for caller: AgentCaller) async throws(PermissionError) -> PermissionToken {
        let scope = (permission.granted ?? .emptyObject).text
        do {
            let signed = try await enclave.call(
                SignPermission(
                    issuer: issuer, workspace: permission.workspace, mode: permission.mode, agent: permission.agent,
                    permission: permission.id, action: permission.action, resource: permission.resource, scope: scope,
                    clientKey: caller.agent.profile.clientKey?.thumbprint, expiresAt: permission.expiresAt,
                    keyIdentifier: try currentKey(permission.mode)))
            return PermissionToken(presented: signed.value)
        } catch {
            throw PermissionError(error)
        }
    }
}
