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

    @Test("when an operator lifts it, who also forgives what led to it")
    func lift() {
        var watched = Self.stopped()
        #expect(watched.watch.lift(Self.range, workspace: "ws", now: watched.now)?.refused == 15)
        #expect(watched.rule(Watched.traits(1)) == .pass)
        #expect(watched.watch.lift(Self.range, workspace: "ws", now: watched.now) == nil)
    }

    @Test("not for another workspace")
    func otherWorkspace() {
        var watched = Self.stopped()
        #expect(watched.watch.lift(Self.range, workspace: "other", now: watched.now) == nil)
        #expect(watched.rule(Watched.traits(1), workspace: "other") == .pass)
        #expect(watched.stopped == [Self.range])
    }

    @Test("not with a restart, where the store remembers")
    func restart() {
        var before = Self.stopped()
        before.watch = FraudGuard()
        before.watch.recall(Self.range, stoppedSince: before.now, workspace: "ws", now: before.now)
        if case .stopped = before.rule(Watched.traits(1)) {} else { Issue.record("the restart freed the range") }
        before.watch = FraudGuard()
        before.watch.recall(
            Self.range, PastTraffic(time: before.now - 600_000, sent: 5, verified: 0), workspace: "ws", now: before.now)
        #expect(before.flood(10) { _ in Watched.traits(1) } < 3)
    }
}
