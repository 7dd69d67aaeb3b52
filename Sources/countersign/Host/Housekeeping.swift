import API
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
    let alerts: AlertWatch
    let workspaces: WorkspaceDirectory
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
                    try await permissions.agents.prune()
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
                    try await alerts.look(at: all.map(\.id))
                }
            }
        }
    }

    /// A step that fails is logged and tried again next time.
    private func attempt<Failure: Error>(_ step: String, _ work: () async throws(Failure) -> Void) async {
        do throws(Failure) {
            try await work()
        } catch {
            logger.warning("housekeeping failed", metadata: ["step": "\(step)", "reason": "\(error)"])
        }
    }
}
