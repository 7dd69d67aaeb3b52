import AuditLog
import EnclaveLink
import Storage

extension Sessions {
    /// Ends a session of the same user. Throws `sessionUnknown`.
    public func end(_ id: String, by session: Session, origin: RequestOrigin) async throws(PasscodeError) {
        try await end(
            id, of: session.user.id, mode: session.user.mode, workspace: session.workspace, origin: origin)
    }

    /// Ends any session of the caller's workspace and mode. Throws `sessionUnknown`.
    public func end(_ id: String, for caller: PasscodeCaller) async throws(PasscodeError) {
        let caller = caller.inSealedFlow
        try await end(id, of: nil, mode: caller.mode, workspace: caller.workspace.id, origin: caller.origin)
    }

    private func end(
        _ id: String, of user: String?, mode: ChallengeMode, workspace: String, origin: RequestOrigin
    ) async throws(PasscodeError) {
        let now = clock.now()
        try await database.write(throwing: PasscodeError.self) { transaction in
            guard
                try Session.end(id, user: user, mode: mode, workspace: workspace, now: now, in: transaction)
            else { throw PasscodeError.sessionUnknown() }
            try audit.append(
                AuditEntry(
                    workspace: workspace, time: now, action: .sessionEnded, record: id, origin: origin),
                in: transaction)
        }
        users.counters.add(.sessionEnded, of: mode)
    }
}
