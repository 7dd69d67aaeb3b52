import AuditLog
import EnclaveLink
import HTTPServer
import Passcodes
import Permissions
import Workspaces

/// Who a request comes from, proven by a key or by the Unix socket.
struct CallerIdentity: Sendable {
    enum Authority: Equatable, Sendable {
        case key(KeyKind)
        /// A user of this machine whom the socket let in.
        case localUser
    }

    var workspace: Workspace
    var authority: Authority
    var origin: RequestOrigin
    /// The socket's other end; nil over the Unix socket.
    var peer: Peer?

    /// The caller's network for limits: IPv4 /24, IPv6 /64.
    var network: String? { peer?.network }

    /// Throws `keyNotPermitted` unless the caller administers the workspace.
    func requireOperator() throws(WorkspaceError) {
        switch authority {
        case .key(.operator), .localUser: return
        case .key: throw .keyNotPermitted("This needs an operator's key (uk_live_…).")
        }
    }

    /// The mode that the caller sends and verifies in. Over the Unix socket the header `X-Countersign-Mode: test`
    /// asks for test mode. Throws `keyNotPermitted` for an operator's key.
    func mode(of request: Request) throws(WorkspaceError) -> ChallengeMode {
        switch authority {
        case .key(.live): return .live
        case .key(.test): return .test
        case .key(.operator):
            throw .keyNotPermitted("An operator's key sends and verifies nothing. Use a secret key (sk_live_…).")
        case .key(.stamp):
            throw .keyNotPermitted("A stamp key signs requests. Use a secret key (sk_live_…).")
        case .key(.agent), .key(.agentTest), .key(.approver), .key(.verifier), .key(.verifierTest):
            throw .keyNotPermitted("This key is for agents' permissions. Use a secret key (sk_live_…).")
        case .localUser:
            guard let name = request.headers["X-Countersign-Mode"] else { return .live }
            guard let mode = ChallengeMode(rawValue: name) else {
                throw .keyNotPermitted("X-Countersign-Mode must be live or test.")
            }
            return mode
        }
    }
}

extension CallerIdentity {
    /// The caller as the rooms know it; a test takes from no limit, its network's included.
    /// Throws `keyNotPermitted` for an operator's key.
    func passcodeCaller(of request: Request) throws(WorkspaceError) -> PasscodeCaller {
        let mode = try mode(of: request)
        return PasscodeCaller(
            workspace: workspace, mode: mode, origin: origin, network: mode == .live ? network : nil)
    }
}

extension Rooms {
    /// Finds the caller, who needs a key that may do what is asked for. A key always counts, over the Unix socket too;
    /// without one, the socket's user is trusted and means the workspace in `X-Countersign-Workspace`, or the only one
    /// there is.
    ///
    /// A key that is good and used from elsewhere, or for something else, is recorded.
    func identify(_ request: Request, for ability: KeyAbility) async throws(WorkspaceError) -> CallerIdentity {
        let text = request.presentedKey
        if case .local(let user) = request.peer, text == nil {
            return try await identify(localUser: user, request)
        }
        let caller = try await keyHolder(request, text)
        do throws(WorkspaceError) {
            if caller.kind == .operator, let refusal = operatorRefusal(request) { throw refusal }
            try caller.require(ability)
        } catch {
            throw await recorded(error, of: caller, request)
        }
        let origin = RequestOrigin(
            principal: .key(caller.keyIdentifier), request: request.identifier.description,
            address: request.peer.description)
        return CallerIdentity(
            workspace: caller.workspace, authority: .key(caller.kind), origin: origin, peer: request.peer)
    }

    private func keyHolder(_ request: Request, _ text: String?) async throws(WorkspaceError) -> Caller {
        let presented = PresentedKey(
            text: text, fromBrowser: request.isFromBrowser, address: request.peer.ip)
        do {
            return try await keys.authenticate(
                presented, request: request.identifier.description, address: request.peer.description)
        } catch {
            throw error.error.code == .addressNotAllowed
                ? await recorded(error.error, of: error.caller, request) : error.error
        }
    }

    /// Records that a good key was not let in. Returns what the request gets: the error, or `unavailable` where it could
    /// not be recorded.
    func recorded(_ error: WorkspaceError, of caller: Caller?, _ request: Request) async -> WorkspaceError {
        do {
            try await permissions.callers.record(error, of: caller, from: RequestPeer(request))
            return error
        } catch {
            return .unavailable("a refusal cannot be recorded")
        }
    }

    /// The user of this machine behind a request without a key.
    func identify(localUser user: UInt32, _ request: Request) async throws(WorkspaceError) -> CallerIdentity {
        let origin = RequestOrigin(
            principal: .localUser(user), request: request.identifier.description, address: request.peer.description)
        let workspace = try await workspace(namedBy: request)
        return CallerIdentity(workspace: workspace, authority: .localUser, origin: origin, peer: nil)
    }

    /// The workspace in `X-Countersign-Workspace`, or the only one there is. Throws `notFound`.
    func workspace(namedBy request: Request) async throws(WorkspaceError) -> Workspace {
        if let name = request.headers["X-Countersign-Workspace"] { return try await directory.workspace(name) }
        let all = try await directory.all()
        guard all.count == 1, let only = all.first else {
            throw .notFound("workspace: name one of \(all.map(\.id).joined(separator: ", "))")
        }
        return only
    }
}
