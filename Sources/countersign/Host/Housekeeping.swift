import EnclaveLink
import Logging
import Passcodes
import Webhooks

/// What has to happen on time rather than when somebody looks: keys rotate, what ended is forgotten.
struct Housekeeping: Sendable {
    static let interval: Duration = .seconds(5)

    let challenges: Challenges
    let sessions: Sessions
    let webhooks: WebhookRetention
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

    /// A step that fails is logged and tried again next time.
    private func attempt<Failure: Error>(_ step: String, _ work: () async throws(Failure) -> Void) async {
        do throws(Failure) {
            try await work()
        } catch {
            logger.warning("housekeeping failed", metadata: ["step": "\(step)", "reason": "\(error)"])
        }
    }
}
