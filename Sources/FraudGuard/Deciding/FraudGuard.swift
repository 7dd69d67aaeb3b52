/// Watches how many of the codes that are sent are verified, and stops the ranges in which too few are: SMS pumping sends
/// codes to numbers whose owner earns with each message and verifies none.
///
/// It has no clock and keeps nothing: whoever holds it passes the time in, and writes down what it says.
public struct FraudGuard: Sendable {
    /// Places for ranges of all workspaces together, of 32 bytes each.
    public static let usualPlaces = 2_097_152

    private var workspaces: [String: WorkspaceGuard] = [:]
    private var places = 0
    private let placeLimit: Int

    /// - Parameter placeLimit: beyond it a workspace grows only up to its share, at twice as many none does.
    public init(placeLimit: Int = usualPlaces) { self.placeLimit = placeLimit }

    /// Decides about a send, and counts it where it may go.
    public mutating func rule(
        on traits: SendTraits, workspace: String, terms: GuardTerms, now: Int64
    ) -> GuardRuling {
        change(workspace) { $0.rule(on: traits, terms: terms, now: now, mayGrow: $1) }
    }

    /// Counts a send that is refused because of what `ask` said.
    public mutating func refuse(_ traits: SendTraits, workspace: String, terms: GuardTerms, now: Int64) {
        change(workspace) { guarded, _ in guarded.refuse(traits, terms: terms, now: now) }
    }

    /// Takes back that `rule` refused a send because of a range.
    public mutating func pardon(_ range: TrafficRange, workspace: String) {
        change(workspace) { guarded, _ in guarded.pardon(range) }
    }

    /// Decides about a send that may come to nothing yet, and counts it nowhere.
    public mutating func ask(
        about traits: SendTraits, workspace: String, terms: GuardTerms, now: Int64
    ) -> GuardRuling {
        change(workspace) { guarded, _ in guarded.ask(about: traits, terms: terms, now: now).ruling }
    }

    /// Counts a code as verified.
    public mutating func verify(
        _ traits: SendTraits, standing: SendStanding, workspace: String, sentAt: Int64, now: Int64
    ) {
        change(workspace) { $0.verify(traits, standing: standing, sentAt: sentAt, now: now, mayGrow: $1) }
    }

    /// Takes back a send that was ruled on at `takenAt` and did not go out. A probe is due again.
    public mutating func release(
        _ traits: SendTraits, standing: SendStanding, workspace: String, takenAt: Int64, now: Int64
    ) {
        change(workspace) { guarded, _ in
            guarded.release(traits, standing: standing, takenAt: takenAt, now: now)
        }
    }

    /// Puts back what a store remembers of a range.
    public mutating func recall(_ range: TrafficRange, _ past: PastTraffic, workspace: String, now: Int64) {
        change(workspace) { $0.recall(range, past, now: now, mayGrow: $1) }
    }

    /// Puts back a stop.
    public mutating func recall(
        _ range: TrafficRange, stoppedSince: Int64, workspace: String, terms: GuardTerms, now: Int64
    ) {
        change(workspace) { guarded, _ in
            guarded.recall(range, stoppedSince: stoppedSince, terms: terms, now: now)
        }
    }

    /// Ends the stop that began at `since` for an operator, and forgives what led to it. Nil if there is none: it may have
    /// ended by itself, and another one begun.
    public mutating func lift(_ range: TrafficRange, since: Int64, workspace: String, now: Int64) -> RangeStop? {
        change(workspace) { guarded, _ in guarded.lift(range, since: since, now: now) }
    }

    /// The stops of a workspace, the oldest first.
    public func stops(workspace: String) -> [RangeStop] {
        workspaces[workspace].map { Self.sorted($0.stops.values) } ?? []
    }

    private static func sorted(_ stops: some Sequence<RangeStop>) -> [RangeStop] {
        stops.sorted { ($0.since, $0.range.name) < ($1.since, $1.range.name) }
    }

    /// What goes on in ranges that are stopped, of all workspaces together, those first that refused most.
    public func stoppedTraffic(of kinds: Set<RangeKind>, atMost count: Int, now: Int64) -> [StoppedTraffic] {
        var found: [TrafficRange: StoppedTraffic] = [:]
        for guarded in workspaces.values {
            for stop in guarded.stops.values where kinds.contains(stop.range.kind) {
                let record = guarded.table.record(stop.range.key, now: now)
                found[stop.range, default: StoppedTraffic(range: stop.range)].add(stop, record)
            }
        }
        let sorted = found.values.sorted { ($1.refused, $0.range.name) < ($0.refused, $1.range.name) }
        return Array(sorted.prefix(count))
    }

    /// Ends the stops that are over, and returns what began and ended since the last time, each once.
    public mutating func takeEvents(now: Int64) -> [GuardEvent] {
        var events: [GuardEvent] = []
        for workspace in Array(workspaces.keys) {
            events += change(workspace) { guarded, _ in
                guarded.cool(now: now)
                return guarded.takeEvents(workspace: workspace)
            }
        }
        return events
    }

    /// Ranges that are remembered, of all workspaces.
    public var rangeCount: Int { workspaces.values.reduce(0) { $0 + $1.table.count } }

    /// Stops of all workspaces.
    public var stopCount: Int { workspaces.values.reduce(0) { $0 + $1.stops.count } }

    // MARK: Memory

    private mutating func change<Result>(
        _ workspace: String, _ body: (inout WorkspaceGuard, _ mayGrow: (Int) -> Bool) -> Result
    ) -> Result {
        let (total, limit) = (places, placeLimit)
        let share = limit / max(1, workspaces.count)
        let before = workspaces[workspace]?.table.places ?? 0
        let result = body(&workspaces[workspace, default: WorkspaceGuard()]) { extra in
            total + extra <= limit || (before + extra <= share && total + extra <= 2 * limit)
        }
        places += (workspaces[workspace]?.table.places ?? 0) - before
        return result
    }
}
