import FraudGuard
import Synchronization
import Workspaces

/// The fraud guard of this process: every message to a phone number is counted here before it goes out, and every code
/// that is verified.
public final class SendWatch: Sendable {
    private let memory = Mutex(FraudGuard())
    /// What began and ended and is not written down yet.
    private let unwritten = Mutex<[GuardEvent]>([])
    public let counters = GuardCounters()

    init() {}

    /// Rules on a message; nil where the guard has nothing to watch: mail, a test, a workspace that has it off.
    func rule(
        on contact: Contact, application: ApplicationName, network: String?, for caller: PasscodeCaller, now: Int64
    ) -> WatchedSend? {
        let settings = caller.workspace.settings
        guard caller.mode == .live, !settings.sandbox, settings.guardMode != .off,
            let prefix = contact.prefix, let country = contact.country
        else { return nil }
        let ranges = SendTraits(prefix: prefix, country: country, network: network, application: application.text)
        let ruling = memory.withLock {
            $0.rule(on: ranges, workspace: caller.workspace.id, terms: settings.guardTerms, now: now)
        }
        counters.add(ruling, settings.guardMode)
        return WatchedSend(
            workspace: caller.workspace.id, ranges: ranges, ruling: ruling, mode: settings.guardMode, time: now)
    }

    /// Takes back a message that did not go out.
    func release(_ send: WatchedSend?, now: Int64) {
        guard let send, send.traits.standing != .uncounted else { return }
        memory.withLock { $0.release(send.ranges, workspace: send.workspace, takenAt: send.time, now: now) }
    }

    func verify(_ challenge: Challenge, now: Int64) {
        guard let traits = challenge.traits else { return }
        memory.withLock {
            $0.verify(
                traits.ranges, standing: traits.standing, workspace: challenge.workspace,
                sentAt: challenge.sentAt ?? challenge.createdAt, now: now)
        }
        if traits.standing == .uncounted { counters.addWronglyStopped() }
    }

    /// The stops of a workspace, the oldest first.
    public func stops(workspace: String) -> [RangeStop] { memory.withLock { $0.stops(workspace: workspace) } }

    /// The stops of all workspaces.
    public var stopCount: Int { memory.withLock { $0.stopCount } }

    // MARK: What is written down

    func recall(_ work: (inout FraudGuard) throws -> Void) throws { try memory.withLock { try work(&$0) } }

    func lift(_ range: TrafficRange, workspace: String, now: Int64) -> RangeStop? {
        memory.withLock { $0.lift(range, workspace: workspace, now: now) }
    }

    /// What is to be written down, at most so many events, and what was to be before.
    func takeEvents(now: Int64, atMost count: Int) -> [GuardEvent] {
        let fresh = memory.withLock { $0.takeEvents(now: now) }
        return unwritten.withLock { unwritten in
            unwritten += fresh
            let events = Array(unwritten.prefix(count))
            unwritten.removeFirst(events.count)
            return events
        }
    }

    /// Takes back what could not be written.
    func putBack(_ events: [GuardEvent]) { unwritten.withLock { $0 = events + $0 } }
}
