import FraudGuard
import Storage
import Workspaces

extension Challenges {
    /// Has the guard rule on a message, which counts from now on.
    ///
    /// - Parameter network: of the person who asks; nil where a back end asks for them.
    func watch(
        _ contact: Contact, _ application: ApplicationName, asker network: String?, _ caller: PasscodeCaller
    ) -> WatchedSend? {
        watch.rule(on: contact, application: application, network: network, for: caller, now: clock.now())
    }

    /// Takes a message back where `work` fails, so that nothing counts that does not go out.
    func releasing<Value>(
        _ watched: WatchedSend?, _ work: () async throws(PasscodeError) -> Value
    ) async throws(PasscodeError) -> Value {
        do throws(PasscodeError) {
            return try await work()
        } catch {
            watch.release(watched, now: clock.now())
            throw error
        }
    }

    /// Refuses what goes to a stopped range, unless the number is known. Throws `sendingPaused`.
    func requireOpenRange(_ send: PlannedSend, now: Int64, in transaction: any Transaction) throws {
        guard let refusal = send.watched?.refusal else { return }
        let (contact, workspace) = (send.challenge.contact, send.challenge.workspace)
        if try KnownContact.isKnown(contact, workspace: workspace, now: now, in: transaction) { return }
        throw PasscodeError.sendingPaused(retryAfter: refusal.retryAfter)
    }
}
