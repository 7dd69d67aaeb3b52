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
        change(workspace, terms) { $0.rule(on: traits, terms: terms, now: now, mayGrow: $1) }
    }

    /// Counts a code as verified.
    public mutating func verify(
        _ traits: SendTraits, standing: SendStanding, workspace: String, sentAt: Int64, now: Int64
    ) {
        change(workspace) { $0.verify(traits, standing: standing, sentAt: sentAt, now: now, mayGrow: $1) }
    }

    /// Takes back a send that was counted at `takenAt` and did not go out.
    public mutating func release(_ traits: SendTraits, workspace: String, takenAt: Int64, now: Int64) {
        change(workspace) { guarded, _ in guarded.release(traits, takenAt: takenAt, now: now) }
    }

    /// Puts back what a store remembers of a range.
    public mutating func recall(_ range: TrafficRange, _ past: PastTraffic, workspace: String, now: Int64) {
        change(workspace) { $0.recall(range, past, now: now, mayGrow: $1) }
    }

    /// Puts back a stop.
    public mutating func recall(_ range: TrafficRange, stoppedSince: Int64, workspace: String, now: Int64) {
        change(workspace) { guarded, _ in guarded.recall(range, stoppedSince: stoppedSince, now: now) }
    }

    /// Ends a stop for an operator, and forgives what led to it. Nil if the range is not stopped.
    public mutating func lift(_ range: TrafficRange, workspace: String, now: Int64) -> RangeStop? {
        change(workspace) { guarded, _ in guarded.lift(range, now: now) }
    }

    /// The stops of a workspace, the oldest first.
    public func stops(workspace: String) -> [RangeStop] {
        (workspaces[workspace]?.stops.values).map {
            $0.sorted { ($0.since, $0.range.name) < ($1.since, $1.range.name) }
        }
            ?? []
    }

    /// Ends the stops that are over, and returns what began and ended since the last time, each once.
    public mutating func takeEvents(now: Int64) -> [GuardEvent] {
        var events: [GuardEvent] = []
        for workspace in workspaces.keys {
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
        _ workspace: String, _ terms: GuardTerms = GuardTerms(),
        _ body: (inout WorkspaceGuard, _ mayGrow: (Int) -> Bool) -> Result
    ) -> Result {
        let (total, limit) = (places, placeLimit)
        let share = limit / max(1, workspaces.count)
        let before = workspaces[workspace]?.table.places ?? 0
        let result = body(&workspaces[workspace, default: WorkspaceGuard(terms: terms)]) { extra in
            total + extra <= limit || (before + extra <= share && total + extra <= 2 * limit)
        }
        places += (workspaces[workspace]?.table.places ?? 0) - before
        return result
    }
}

/// What a store remembers of a range's traffic.
public struct PastTraffic: Equatable, Sendable {
    /// Unix milliseconds.
    public var time: Int64
    public var sent: Int
    public var verified: Int

    public init(time: Int64, sent: Int, verified: Int) {
        self.time = time
        self.sent = sent
        self.verified = verified
    }
}
