import FraudGuard
import Synchronization
import Workspaces

/// The fraud guard of this process: every message to a phone number is counted here as it is admitted, and every code that
/// is verified.
public final class SendWatch: Sendable {
    private let memory = Mutex(FraudGuard())
    /// What began and ended and is not written down yet.
    private let unwritten = Mutex<[GuardEvent]>([])
    public let counters = GuardCounters()

    init() {}

    /// Rules on a message, and counts it where it may go; nil where the guard is off.
    ///
    /// - Parameter isCounted: whether its code was counted before; then only a probe counts.
    @discardableResult
    func rule(on send: WatchedSend, isCounted: Bool = false, now: Int64) -> GuardRuling? {
        guard send.mode != .off else { return nil }
        // A unit of work that runs again has come to nothing before.
        release(send, now: now)
        let ruling = memory.withLock { memory in
            if isCounted,
                case .pass = memory.ask(about: send.ranges, workspace: send.workspace, terms: send.terms, now: now)
            {
                return GuardRuling?.none
            }
            return memory.rule(on: send.ranges, workspace: send.workspace, terms: send.terms, now: now)
        }
        guard let ruling else { return .pass }
        send.set(.init(ruling: ruling, time: now))
        return ruling
    }

    /// Whether a message would be refused that is not admitted yet.
    func wouldRefuse(_ send: WatchedSend, now: Int64) -> Bool {
        guard send.mode != .off else { return false }
        let ruling = memory.withLock {
            $0.ask(about: send.ranges, workspace: send.workspace, terms: send.terms, now: now)
        }
        return send.wait(ruling) != nil
    }

    /// Counts a message that was refused because of `wouldRefuse`.
    func noteRefused(_ send: WatchedSend?, now: Int64) {
        guard let send else { return }
        memory.withLock { $0.refuse(send.ranges, workspace: send.workspace, terms: send.terms, now: now) }
        counters.add(.refused)
    }

    /// Lets a message go that was refused: its number is known.
    func pardon(_ send: WatchedSend) {
        guard case .stopped(let range, _) = send.lastAnswer?.ruling else { return }
        memory.withLock { $0.pardon(range, workspace: send.workspace) }
    }

    /// Notes that a message was admitted.
    func noteAdmitted(_ send: WatchedSend?) {
        guard let send, let answer = send.lastAnswer else { return }
        counters.add(answer.ruling, send.mode)
    }

    /// Takes back a message that does not go out.
    func release(_ send: WatchedSend?, now: Int64) {
        guard let send, let answer = send.takeAnswer() else { return }
        memory.withLock {
            $0.release(
                send.ranges, standing: answer.standing, workspace: send.workspace, takenAt: answer.time, now: now)
        }
    }

    func verify(_ challenge: Challenge, now: Int64) {
        guard let traits = challenge.traits, let standing = traits.standing else { return }
        memory.withLock {
            $0.verify(
                traits.ranges, standing: standing, workspace: challenge.workspace,
                sentAt: challenge.sentAt ?? challenge.createdAt, now: now)
        }
        if standing == .uncounted { counters.addVerifiedWhileStopped() }
    }

    /// The stops of a workspace, the oldest first.
    public func stops(workspace: String) -> [RangeStop] { memory.withLock { $0.stops(workspace: workspace) } }

    /// The stops of all workspaces.
    public var stopCount: Int { memory.withLock { $0.stopCount } }

    /// The stopped prefixes and countries of all workspaces, those first that refused most. An application's name may be
    /// anything and a network may be one person's: they are none.
    public func stoppedTraffic(atMost count: Int, now: Int64) -> [StoppedTraffic] {
        memory.withLock { $0.stoppedTraffic(of: [.prefix, .country], atMost: count, now: now) }
    }

    // MARK: What is written down

    func recall(_ work: (inout FraudGuard) throws -> Void) throws { try memory.withLock { try work(&$0) } }

    func lift(_ range: TrafficRange, since: Int64, workspace: String, now: Int64) {
        _ = memory.withLock { $0.lift(range, since: since, workspace: workspace, now: now) }
    }

    /// Whether there is anything to be written down.
    func hasEvents(now: Int64) -> Bool {
        gatherEvents(now: now)
        return unwritten.withLock { !$0.isEmpty }
    }

    /// What is to be written down, at most so many events, and what was to be before.
    func takeEvents(now: Int64, atMost count: Int) -> [GuardEvent] {
        gatherEvents(now: now)
        return unwritten.withLock { unwritten in
            let events = Array(unwritten.prefix(count))
            unwritten.removeFirst(events.count)
            return events
        }
    }

    private func gatherEvents(now: Int64) {
        unwritten.withLock { unwritten in unwritten += memory.withLock { $0.takeEvents(now: now) } }
    }

    /// Takes back what could not be written.
    func putBack(_ events: [GuardEvent]) { unwritten.withLock { $0 = events + $0 } }
}
