import Testing

@testable import FraudGuard

@Suite("How a stop ends")
struct CoolingTests {
    private static let range = TrafficRange(.prefix, "+491511")

    private static func stopped() -> Watched {
        var watched = Watched()
        _ = watched.flood(20) { _ in Watched.traits(1) }
        return watched
    }

    @Test("by itself, when nobody asks any more and the window has cooled")
    func quiet() {
        var watched = Self.stopped()
        watched.advance(seconds: 600)
        _ = watched.events()
        #expect(watched.stopped == [Self.range])
        watched.advance(seconds: 1_800)
        _ = watched.events()
        #expect(watched.stopped.isEmpty)
        #expect(watched.rule(Watched.traits(1)) == .pass)
    }

    @Test("not while the flood goes on: what is let through to look becomes rarer and rarer")
    func goesOn() {
        var watched = Self.stopped()
        // A day at one a minute.
        let sent = watched.flood(1_440, every: 60) { _ in Watched.traits(1) }
        #expect(sent < 15)
        _ = watched.events()
        #expect(watched.stopped == [Self.range])
    }

    @Test("early, where what is let through to look is verified")
    func refuted() {
        var watched = Self.stopped()
        var minutes = 0
        while !watched.stopped.isEmpty, minutes < 600 {
            watched.convert(Watched.traits(1))
            watched.advance(seconds: 60)
            _ = watched.events()
            minutes += 1
        }
        #expect(minutes < 60)
    }

    @Test("not because codes are verified that were let through before it, or around it")
    func othersProbes() {
        var watched = Self.stopped()
        let country = TrafficRange(.country, "DE")
        watched.watch.recall(
            country, stoppedSince: watched.now, workspace: "ws", terms: watched.terms, now: watched.now)
        for _ in 0..<5 {
            watched.watch.verify(
                Watched.traits(1), standing: .probe, workspace: "ws", sentAt: watched.now - 1, now: watched.now)
        }
        #expect(watched.watch.stops(workspace: "ws").map(\.verifiedProbes) == [0, 0])
        _ = watched.events()
        #expect(Set(watched.stopped) == [Self.range, country])
    }

    @Test("when an operator lifts it, who also forgives what led to it")
    func lift() {
        var watched = Self.stopped()
        #expect(watched.lift(Self.range)?.refused == 15)
        #expect(watched.rule(Watched.traits(1)) == .pass)
        #expect(watched.lift(Self.range) == nil)
    }

    @Test("not for an operator who means the stop before: that one ended, and another began")
    func liftedLate() throws {
        var watched = Self.stopped()
        let old = try #require(watched.watch.stops(workspace: "ws").first)
        _ = watched.lift(Self.range)
        _ = watched.flood(20) { _ in Watched.traits(1) }
        #expect(watched.watch.lift(Self.range, since: old.since, workspace: "ws", now: watched.now) == nil)
        #expect(watched.stopped == [Self.range])
    }

    @Test("what was let through to look and did not go out is let through again, as soon")
    func releasedProbe() {
        var watched = Self.stopped()
        watched.advance(seconds: 800)
        for _ in 0..<50 { #expect(watched.releaseOne(Watched.traits(1)) == .probe) }
        #expect(watched.watch.stops(workspace: "ws").first?.probes == 0)
        #expect(watched.rule(Watched.traits(1)) == .probe)
        if case .stopped(_, let wait) = watched.rule(Watched.traits(1)) {
            #expect(wait <= 720)
        } else {
            Issue.record("the probe was not used up")
        }
    }

    @Test("when its kind is watched no more, whatever goes on")
    func switchedOff() {
        var watched = Self.stopped()
        watched.terms.prefixFloor = 0
        #expect(watched.rule(Watched.traits(1)) == .pass)
        #expect(watched.events().last?.change == .cooled(refused: 15))
        #expect(watched.stopped.isEmpty)
    }

    @Test("of many workspaces, each with many, all at once")
    func many() {
        var watched = Watched()
        for workspace in 0..<40 {
            for position in 0..<600 { _ = watched.rule(Watched.traits(position % 60), workspace: "ws\(workspace)") }
        }
        let stops = watched.watch.stopCount
        #expect(stops >= 40 && watched.events().count == stops)
        watched.advance(seconds: 86_400)
        #expect(watched.events().count == stops && watched.watch.stopCount == 0)
    }

    @Test("a stop that comes back after a restart is enforced where the workspace enforces, and nowhere else")
    func recalledMode() {
        for isEnforced in [false, true] {
            var watched = Watched()
            watched.watch.recall(
                Self.range, stoppedSince: watched.now, workspace: "ws", terms: GuardTerms(isEnforced: isEnforced),
                now: watched.now)
            #expect(watched.watch.stops(workspace: "ws").map(\.isEnforced) == [isEnforced])
            watched.advance(seconds: 7_200)
            #expect(watched.events().map(\.isEnforced) == [isEnforced])
        }
    }

    @Test("not for another workspace")
    func otherWorkspace() {
        var watched = Self.stopped()
        #expect(watched.lift(Self.range, workspace: "other") == nil)
        #expect(watched.rule(Watched.traits(1), workspace: "other") == .pass)
        #expect(watched.stopped == [Self.range])
    }

    @Test("not with a restart, where the store remembers")
    func restart() {
        var before = Self.stopped()
        before.watch = FraudGuard()
        before.watch.recall(
            Self.range, stoppedSince: before.now, workspace: "ws", terms: before.terms, now: before.now)
        if case .stopped = before.rule(Watched.traits(1)) {} else { Issue.record("the restart freed the range") }
        before.watch = FraudGuard()
        before.watch.recall(
            Self.range, PastTraffic(time: before.now - 600_000, sent: 5, verified: 0), workspace: "ws", now: before.now)
        #expect(before.flood(10) { _ in Watched.traits(1) } < 3)
    }
}
