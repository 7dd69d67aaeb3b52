import FraudGuard
import Storage
import Workspaces

extension Challenges {
    /// A message as the guard is to know it; nil for mail, a test, a sandbox.
    ///
    /// - Parameter network: of the person who asks; nil where it is not known.
    func watched(
        _ contact: Contact, _ application: ApplicationName, asker network: String?, _ caller: PasscodeCaller
    ) -> WatchedSend? {
        guard caller.mode == .live, !caller.workspace.settings.sandbox, let prefix = contact.prefix,
            let country = contact.country
        else { return nil }
        return WatchedSend(
            SendTraits(prefix: prefix, country: country, network: network, application: application.text),
            in: caller.workspace)
    }

    /// Has the guard rule on a send, in the unit of work that admits it: what it lets pass counts from now on. Throws
    /// `sendingPaused` where the range is stopped and the number is not known.
    ///
    /// - Parameter isCounted: true for a code that lives and was counted as it went out first. The guard counts codes: who
    ///   asks for the same one again is no second person.
    func requireOpenRange(
        _ send: PlannedSend, isCounted: Bool = false, now: Int64, in transaction: any Transaction
    ) throws {
        guard let watched = send.watched, let ruling = watch.rule(on: watched, isCounted: isCounted, now: now),
            let wait = watched.wait(ruling)
        else { return }
        let (contact, workspace) = (send.challenge.contact, send.challenge.workspace)
        if try KnownContact.isKnown(contact, workspace: workspace, now: now, in: transaction) {
            return watch.pardon(watched)
        }
        watch.counters.add(.refused)
        throw PasscodeError.sendingPaused(retryAfter: wait)
    }

    /// Takes a send back at once where `work` fails: a send that is refused counts at no time.
    func releasing<Value>(_ watched: WatchedSend?, now: Int64, _ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch {
            watch.release(watched, now: now)
            throw error
        }
    }
}
