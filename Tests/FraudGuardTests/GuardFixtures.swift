@testable import FraudGuard

/// A guard, a clock that tests move, and one workspace.
struct Watched {
    var watch: FraudGuard
    var terms = GuardTerms()
    /// Unix milliseconds.
    var now: Int64 = 1_800_000_000_000

    init(places: Int = FraudGuard.usualPlaces) { watch = FraudGuard(placeLimit: places) }

    static func traits(_ prefix: Int = 0, country: String = "DE", network: String? = nil) -> SendTraits {
        SendTraits(prefix: "+49151\(prefix)", country: country, network: network, application: "Shop")
    }

    mutating func rule(_ traits: SendTraits = traits(), workspace: String = "ws") -> GuardRuling {
        watch.rule(on: traits, workspace: workspace, terms: terms, now: now)
    }

    /// A send that is ruled on and does not go out.
    mutating func releaseOne(_ traits: SendTraits = traits()) -> GuardRuling {
        let ruling = rule(traits)
        watch.release(
            traits, standing: ruling == .probe ? .probe : .counted, workspace: "ws", takenAt: now, now: now)
        return ruling
    }

    mutating func lift(_ range: TrafficRange, workspace: String = "ws") -> RangeStop? {
        guard let stop = watch.stops(workspace: workspace).first(where: { $0.range == range }) else { return nil }
        return watch.lift(range, since: stop.since, workspace: workspace, now: now)
    }

    /// A code that is sent and verified half a minute later. Returns whether it was sent.
    @discardableResult
    mutating func convert(_ traits: SendTraits = traits(), workspace: String = "ws") -> Bool {
        let sentAt = now
        let ruling = rule(traits, workspace: workspace)
        if case .stopped = ruling { return false }
        advance(seconds: 30)
        watch.verify(
            traits, standing: ruling == .probe ? .probe : .counted, workspace: workspace, sentAt: sentAt, now: now)
        return true
    }

    /// Sends codes that nobody verifies. Returns how many went out.
    mutating func flood(_ count: Int, every seconds: Int = 1, _ traits: (Int) -> SendTraits) -> Int {
        var sent = 0
        for position in 0..<count {
            if case .stopped = rule(traits(position)) {} else { sent += 1 }
            advance(seconds: seconds)
        }
        return sent
    }

    mutating func advance(seconds: Int) { now += Int64(seconds) * 1000 }

    mutating func events() -> [GuardEvent] { watch.takeEvents(now: now) }

    var stopped: [TrafficRange] { watch.stops(workspace: "ws").map(\.range) }
}
