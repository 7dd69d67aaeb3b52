import API
import AuditLog
import EnclaveLink
import Logging
import Passcodes
import Permissions
import Webhooks
import Workspaces

/// What has to happen on time rather than when somebody looks: keys rotate, what ended is forgotten.
struct Housekeeping: Sendable {
    static let interval: Duration = .seconds(5)

    let challenges: Challenges
    let sessions: Sessions
    let permissions: PermissionRooms
    let webhooks: WebhookRetention
    let logs: LogPruner
    let alerts: AlertWatch
    let workspaces: WorkspaceDirectory
    let keyReminders: KeyReminders
    let signingKeys: SigningKeys
    let enclave: EnclaveSupervisor
    let logger: Logger

    func start() -> Task<Void, any Error> {
        Task.detached(priority: .background) {
            while !Task.isCancelled {
                try await Task.sleep(for: Self.interval)
                await attempt("prune") { () async throws(PasscodeError) in
                    try await challenges.prune()
                    try await sessions.prune()
                }
                await attempt("erase deleted agents") { () async throws(PermissionError) in
                    try await permissions.agents.prune()
                }
                await writeRefusals()
                await writePasscodes()
                await attempt("prune webhooks") { () async throws(WebhookError) in try await webhooks.prune() }
                await attempt("maintain signing keys") { () async throws(PasscodeError) in
                    try await signingKeys.maintain(enclave)
                }
            }
        }
    }

    /// Writes down what expired within a second of its time.
    func expirePermissions() -> Task<Void, any Error> {
        Task.detached(priority: .background) {
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(1))
                await attempt("expire permissions") { () async throws(PermissionError) in
                    try await permissions.requests.expire()
                }
            }
        }
    }

    /// Ends what a stop left open that was interrupted, and forgets what is over: every minute.
    func tidyPermissions() -> Task<Void, any Error> {
        Task.detached(priority: .background) {
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(60))
                await attempt("end stopped permissions") { () async throws(PermissionError) in
                    try await permissions.agents.endStopped()
                }
                await attempt("prune permissions") { () async throws(PermissionError) in
                    try await permissions.requests.prune()
                    try await permissions.approverSessions.prune()
                }
            }
        }
    }

    /// Tells of agents that misbehave, every five minutes.
    func watchAgents() -> Task<Void, any Error> {
        Task.detached(priority: .background) {
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(300))
                await attempt("watch agents") { () async throws(PermissionError) in
                    let all: [Workspace]
                    do { all = try await workspaces.all() } catch { throw PermissionError(error) }
                    await alerts.look(at: all.map(\.id)) { workspace, error in
                        warn("watch agents of \(workspace)", error)
                    }
                }
                await attempt("watch failed authentications") { () async throws(PermissionError) in
                    if let change = try await alerts.lookAtServer() { tell(change) }
                }
            }
        }
    }

    /// Prunes the audit logs of what their workspaces do not want to keep: every hour, beginning an hour after the start.
    func pruneLogs() -> Task<Void, any Error> {
        Task.detached(priority: .background) {
            while !Task.isCancelled {
                await attempt("prune audit logs") { () async throws(RetentionError) in
                    try await logs.look { workspace, error in warn("prune the audit log of \(workspace)", error) }
                }
                try await Task.sleep(for: LogPruner.interval)
            }
        }
    }

    /// Reminds owners of keys that are old or about to end: every ten minutes, beginning at the start.
    func remindOfKeys() -> Task<Void, any Error> {
        Task.detached(priority: .background) {
            while !Task.isCancelled {
                await attempt("remind of keys") { () async throws(WorkspaceError) in try await keyReminders.remind() }
                try await Task.sleep(for: .seconds(600))
            }
        }
    }

    /// Writes how many calls were refused without an entry of their own.
    ///
    /// - Parameter all: also those of the last minute, before the server ends.
    func writeRefusals(all: Bool = false) async {
        await attempt("write refusals") { () async throws(PermissionError) in
            try await permissions.refused.writeRest(all: all)
        }
    }

    /// Writes what the fraud guard did, and the figures of passcodes.
    func writePasscodes() async {
        await attempt("write figures of passcodes") { () async throws(PasscodeError) in
            try await challenges.writeDown()
        }
    }

    private func tell(_ change: AgentAlertChange) {
        logger.warning(
            change.isRaised ? "unknown keys are tried" : "unknown keys are tried no more",
            metadata: ["failures": "\(Int(change.value))", "limit": "\(Int(change.limit))"])
    }

    /// A step that fails is logged and tried again next time.
    private func attempt<Failure: Error>(_ step: String, _ work: () async throws(Failure) -> Void) async {
        do throws(Failure) {
            try await work()
        } catch {
            warn(step, error)
        }
    }

    private func warn(_ step: String, _ error: any Error) {
        logger.warning("housekeeping failed", metadata: ["step": "\(step)", "reason": "\(error)"])
    }
}
