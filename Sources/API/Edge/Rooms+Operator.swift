import HTTPServer
import Permissions
import Workspaces

extension Rooms {
    /// The operator behind a request of our own API. A key that is not let in is recorded as at the agents' routes.
    /// Throws `WorkspaceError` with what is wrong with the key, `PermissionError` where that cannot be recorded.
    func identifyOperator(_ request: Request) async throws -> CallerIdentity {
        let text = request.presentedKey
        if text == nil, case .local(let user) = request.peer { return try await identify(localUser: user, request) }
        let peer = RequestPeer(request)
        var caller: Caller?
        do throws(WorkspaceError) {
            let found: Caller
            do {
                found = try await keys.identify(
                    PresentedKey(text: text, fromBrowser: request.isFromBrowser, address: peer.address))
            } catch {
                caller = error.caller
                throw error.error
            }
            caller = found
            let identity = CallerIdentity(
                workspace: found.workspace, authority: .key(found.kind),
                origin: peer.origin(.key(found.keyIdentifier)), peer: request.peer)
            try identity.requireOperator()
            if let refusal = operatorRefusal(request) { throw refusal }
            await keys.recordUse(of: found)
            return identity
        } catch {
            try await permissions.callers.record(error, of: caller, from: peer)
            throw error
        }
    }
}
