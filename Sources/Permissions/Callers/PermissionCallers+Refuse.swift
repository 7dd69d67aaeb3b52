import AuditLog
import Workspaces

extension PermissionCallers {
    /// Records that a caller asked for what it may not (`notPermitted`), or for a permission that is none of its own
    /// (`notFound`). Returns what it is told: the error, or `unavailable` where it could not be recorded. Any other error
    /// comes back as it is.
    ///
    /// - Parameters:
    ///   - action: what was tried on a permission; nil where it was something else.
    ///   - id: the permission as it was asked for.
    public func refuse(
        _ error: PermissionError, of caller: PermissionCaller, trying action: AuditAction?, on id: String
    ) async -> PermissionError {
        switch error.code {
        case .notPermitted: break
        case .notFound where action != nil: break
        default: return error
        }
        let origin = caller.origin
        var (agent, record) = ("", PermissionIdentifier.isFormed(id) ? id : "")
        if case .agent(let caller) = caller { agent = caller.agent.id }
        if action == nil, case .key(let key) = origin.principal { record = key }
        do {
            _ = try await refused.add(
                RefusedCall(
                    workspace: caller.workspace.id, agent: agent, action: action ?? .keyRefused, record: record,
                    origin: origin, detail: error.word, source: origin.principal.description))
            return error
        } catch let failure {
            return failure
        }
    }

    /// Records a key that was not let in, at routes that throttle nobody. Throws `unavailable`.
    public func record(
        _ error: WorkspaceError, of caller: Caller?, from peer: RequestPeer
    ) async throws(PermissionError) {
        let error = PermissionError.workspace(error)
        if !error.isOurs { _ = try await add(error, of: caller, peer) }
    }

    /// Records a key that was not let in, or one that is good and was not let in all the same. Returns what the request
    /// gets: beyond so many failures a minute of one network no more than that, unless it has a good key, which is no guess:
    /// waiting would not help.
    func refuse(_ error: PermissionError, of caller: Caller?, _ peer: RequestPeer) async -> PermissionError {
        if error.isOurs { return error }
        do {
            let wait = try await add(error, of: caller, peer)
            guard let wait, !error.isOfGoodKey else { return error }
            return .authenticationThrottled(retryAfter: wait)
        } catch let failure {
            return failure
        }
    }

    private func add(
        _ error: PermissionError, of caller: Caller?, _ peer: RequestPeer
    ) async throws(PermissionError) -> Int? {
        counters.add(.failedAuthentication)
        error.keyRefusal.map { counters.add($0) }
        let principal = caller.map { Principal.key($0.keyIdentifier) } ?? .visitor
        return try await refused.add(
            RefusedCall(
                workspace: caller?.workspace.id, agent: caller.map { $0.kind.isAgents ? $0.holder : "" } ?? "",
                action: .authenticationFailed, record: caller?.keyIdentifier ?? "", origin: peer.origin(principal),
                detail: error.word, source: peer.network ?? ""))
    }
}

extension PermissionError {
    /// True for what is no answer to the caller's credentials: a store that does not answer is no failure of theirs.
    fileprivate var isOurs: Bool {
        switch code {
        case .unavailable: true
        case .workspace(let error): error.code == .unavailable || error.code == .rateLimited
        default: false
        }
    }

    /// True where the key is good, and for something or somewhere else.
    fileprivate var isOfGoodKey: Bool {
        guard case .workspace(let error) = code else { return false }
        return [.addressNotAllowed, .keyNotPermitted, .certificateRequired, .abilityMissing].contains(error.code)
    }

    /// What is counted where a good key is kept from where or from what it is not for.
    fileprivate var keyRefusal: PermissionCounters.Event? {
        guard case .workspace(let error) = code else { return nil }
        return switch error.code {
        case .addressNotAllowed: .keyRefusedByAddress
        case .abilityMissing: .keyRefusedByAbility
        default: nil
        }
    }
}
