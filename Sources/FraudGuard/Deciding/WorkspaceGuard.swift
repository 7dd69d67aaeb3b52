/// The guard of one workspace: what it remembers of its ranges, and which are stopped.
struct WorkspaceGuard {
    /// Milliseconds without a send after which a stop may end.
    static let quiet: Int64 = 1_800_000
    /// Stops of prefixes and networks at the same time. Beyond it a flood over many is left to the country's stop.
    static let stopLimit = 1_000
    /// Verified codes that make a prefix, and a country, one that has proved itself.
    private static let provenPrefix: Float = 3
    private static let provenCountry: Float = 6

    private(set) var table = RangeTable()
    private(set) var stops: [TrafficRange: RangeStop] = [:]
    /// As they were when somebody asked last.
    private(set) var terms = GuardTerms()
    /// What happened since it was asked for last.
    private var changes: [(stop: RangeStop, change: GuardEvent.Change, time: Int64)] = []

    /// Decides about a send, and counts it where it may go.
    mutating func rule(
        on traits: SendTraits, terms: GuardTerms, now: Int64, mayGrow: (Int) -> Bool
    ) -> GuardRuling {
        let (ruling, probed) = ask(about: traits, terms: terms, now: now)
        if case .stopped(let range, _) = ruling {
            stops[range]?.refused += 1
            return ruling
        }
        for range in probed { stops[range]?.probe(at: now, interval: terms.probeInterval(range.kind)) }
        for range in watched(traits) { table.update(range.key, now: now, mayGrow: mayGrow) { $0.addUnverified(1) } }
        return ruling
    }

    /// Counts a send that is refused because of what was said when somebody asked.
    mutating func refuse(_ traits: SendTraits, terms: GuardTerms, now: Int64) {
        if case .stopped(let range, _) = ask(about: traits, terms: terms, now: now).ruling {
            stops[range]?.refused += 1
        }
    }

    /// Takes back that a send was refused: it goes out all the same.
    mutating func pardon(_ range: TrafficRange) { stops[range]?.refused -= 1 }

    /// Decides about a send, and counts nothing; what is to be stopped is stopped.
    ///
    /// - Returns: the ranges, too, that it probes if it goes out.
    mutating func ask(
        about traits: SendTraits, terms: GuardTerms, now: Int64
    ) -> (ruling: GuardRuling, probed: [TrafficRange]) {
        self.terms = terms
        let ranges = watched(traits)
        let halting = ranges.filter { stops[$0] != nil && !passes(traits, around: $0, now: now) }
        if let first = halting.first { return (probeOrRefuse(halting, first, now: now), halting) }
        for range in ranges where stops[range] == nil {
            guard let stop = begin(range, now: now) else { continue }
            if passes(traits, around: range, now: now) { continue }
            return (.stopped(range, retryAfter: Self.seconds(stop.nextProbe - now)), [])
        }
        return (.pass, [])
    }

    /// Counts a verified code. One that went out although its range was stopped was never counted as unverified.
    mutating func verify(
        _ traits: SendTraits, standing: SendStanding, sentAt: Int64, now: Int64, mayGrow: (Int) -> Bool
    ) {
        let age = Float(max(0, now - sentAt)) / 1000
        for range in traits.ranges {
            table.update(range.key, now: now, mayGrow: mayGrow) { record in
                if standing != .uncounted { record.takeUnverified(1, age: age) }
                record.addVerified(1)
            }
            if standing == .probe {
                stops[range]?.verifyProbe(sentAt: sentAt, now: now, interval: terms.probeInterval(range.kind))
            }
        }
    }

    /// Takes back a send that did not go out.
    mutating func release(_ traits: SendTraits, standing: SendStanding, takenAt: Int64, now: Int64) {
        guard standing != .uncounted else { return }
        let age = Float(max(0, now - takenAt)) / 1000
        for range in traits.ranges {
            table.update(range.key, now: now, mayGrow: { _ in false }) { $0.takeUnverified(1, age: age) }
            if standing == .probe { stops[range]?.releaseProbe(at: takenAt) }
        }
    }

    /// Puts back what was known before a restart.
    mutating func recall(_ range: TrafficRange, _ past: PastTraffic, now: Int64, mayGrow: (Int) -> Bool) {
        let age = Float(max(0, now - past.time)) / 1000
        table.update(range.key, now: now, mayGrow: mayGrow) { record in
            record.addUnverified(Float(max(0, past.sent - past.verified)), age: age)
            record.addVerified(Float(past.verified), age: age)
        }
    }

    mutating func recall(_ range: TrafficRange, stoppedSince: Int64, terms: GuardTerms, now: Int64) {
        self.terms = terms
        stops[range] = RangeStop(
            range, since: stoppedSince, isEnforced: terms.isEnforced, now: now,
            interval: terms.probeInterval(range.kind))
    }

    /// Ends the stop that began at `since` for an operator, and forgives what led to it. Nil if there is none.
    mutating func lift(_ range: TrafficRange, since: Int64, now: Int64) -> RangeStop? {
        guard let stop = stops[range], stop.since == since else { return nil }
        stops[range] = nil
        table.update(range.key, now: now, mayGrow: { _ in false }) { record in
            (record.unverifiedInHour, record.unverifiedInDays) = (0, 0)
        }
        return stop
    }

    /// Ends the stops that are over.
    mutating func cool(now: Int64) {
        for stop in Array(stops.values) { coolIfOver(stop, now: now) }
    }

    mutating func takeEvents(workspace: String) -> [GuardEvent] {
        defer { changes = [] }
        return changes.map {
            GuardEvent(
                workspace: workspace, range: $0.stop.range, change: $0.change, isEnforced: $0.stop.isEnforced,
                time: $0.time)
        }
    }

    // MARK: Deciding

    private func watched(_ traits: SendTraits) -> [TrafficRange] {
        traits.ranges.filter { terms.floor(of: $0.kind) > 0 }
    }

    /// True where a stop of the range does not concern the send: what is within it has proved itself.
    private func passes(_ traits: SendTraits, around range: TrafficRange, now: Int64) -> Bool {
        guard range.kind == .country || range.kind == .application else { return false }
        let prefix = TrafficRange(.prefix, traits.prefix)
        if table.record(prefix.key, now: now).hasProvedItself(times: Self.provenPrefix) { return true }
        let country = TrafficRange(.country, traits.country)
        guard range.kind == .application, stops[country] == nil else { return false }
        return table.record(country.key, now: now).hasProvedItself(times: Self.provenCountry)
    }

    private mutating func probeOrRefuse(
        _ halting: [TrafficRange], _ first: TrafficRange, now: Int64
    ) -> GuardRuling {
        for range in halting {
            stops[range]?.lastAsked = now
            stops[range]?.isEnforced = terms.isEnforced
        }
        if halting.allSatisfy({ stops[$0]?.isDueForProbe(at: now) ?? true }) { return .probe }
        let next = halting.compactMap { stops[$0]?.nextProbe }.max() ?? now
        return .stopped(first, retryAfter: Self.seconds(next - now))
    }

    private mutating func begin(_ range: TrafficRange, now: Int64) -> RangeStop? {
        let record = table.record(range.key, now: now)
        let budget = RangeBudget(of: record, floor: terms.floor(of: range.kind))
        let isWide = range.kind == .country || range.kind == .application
        guard budget.isExceeded(by: record), isWide || stops.count < Self.stopLimit else { return nil }
        let stop = RangeStop(
            range, since: now, isEnforced: terms.isEnforced, now: now, interval: terms.probeInterval(range.kind))
        stops[range] = stop
        let change = GuardEvent.Change.began(
            unverified: Int(record.unverifiedInHour.rounded()) + 1, budget: Int(budget.inHour))
        changes.append((stop, change, now))
        return stop
    }

    private mutating func coolIfOver(_ stop: RangeStop, now: Int64) {
        let floor = terms.floor(of: stop.range.kind)
        // A kind that is watched no more has no stops.
        guard floor == 0 || isOver(stop, floor: floor, now: now) else { return }
        stops[stop.range] = nil
        changes.append((stop, .cooled(refused: stop.refused), now))
    }

    private mutating func isOver(_ stop: RangeStop, floor: Int, now: Int64) -> Bool {
        guard stop.isRefuted || stop.lastAsked + Self.quiet <= now else { return false }
        return table.update(stop.range.key, now: now, mayGrow: { _ in false }) { record in
            let budget = RangeBudget(of: record, floor: floor)
            if stop.isRefuted { budget.cool(&record) }
            return budget.isCool(record)
        }
    }

    private static func seconds(_ milliseconds: Int64) -> Int { Int(max(1, (milliseconds + 999) / 1000)) }
}
