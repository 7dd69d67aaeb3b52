import AuditLog
import EnclaveLink
import HTTPServer
import Passcodes
import Workspaces

/// Who submits or asks, proven by a stamp.
struct ActivityCaller: Sendable {
    var caller: PasscodeCaller
    var submitter: Activity.Submitter

    /// The workspace's identifier as the dialect writes it.
    var organization: String { WorkspaceUUID.organization.text(for: caller.workspace.id) }
}

extension Rooms {
    /// The workspace behind an `organizationId`. Throws `organizationNotFound`, `unavailable`.
    func workspace(organization: String) async throws -> Workspace {
        guard let id = WorkspaceUUID.organization.workspace(organization) else {
            throw TurnkeyError.organizationNotFound
        }
        return try await directory.workspace(id)
    }

    /// The registered key that made the stamp, and its workspace. A page has no business with such a key.
    /// Throws `keyInvalid`, `keyExpired`, `keyRevoked`, `keyInBrowser`; `addressNotAllowed` and `abilityMissing`, which
    /// are recorded.
    func backEnd(
        _ stamp: Stamp, _ request: Request, for ability: KeyAbility
    ) async throws(WorkspaceError) -> Caller {
        let caller: Caller
        do { caller = try await keys.caller(stampedBy: stamp.key, from: request.peer.ip) } catch {
            throw error.error.code == .addressNotAllowed
                ? await recorded(error.error, of: error.caller, request) : error.error
        }
        guard !request.headers.contains("Origin") else { throw .keyInBrowser() }
        do { try caller.require(ability) } catch { throw await recorded(error, of: caller, request) }
        return caller
    }
}

extension ActivityCaller {
    /// A back end, by the key that made its stamp. In test mode nothing is taken from a limit.
    init(_ backEnd: Caller, _ request: Request) {
        let mode = backEnd.workspace.sealedMode
        let origin = RequestOrigin(
            principal: .key(backEnd.keyIdentifier), request: request.identifier.description,
            address: request.peer.description)
        self.init(
            caller: PasscodeCaller(
                workspace: backEnd.workspace, mode: mode, origin: origin,
                network: mode == .live ? request.peer.network : nil),
            submitter: .backEnd)
    }
}
