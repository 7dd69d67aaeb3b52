import Testing

@testable import FraudGuard

@Suite("What the guard stops")
struct StoppingTests {
    @Test("a flood to one range is stopped there, and the country around it goes on")
    func rangeFirst() {
        var watched = Watched()
        let sent = watched.flood(200) { _ in Watched.traits(1) }
        #expect(sent == watched.terms.prefixFloor)
        #expect(watched.stopped == [TrafficRange(.prefix, "+491511")])
        #expect(watched.rule(Watched.traits(2)) == .pass)
    }

    @Test("a flood over many ranges stops the country, and others go on")
    func thenCountry() {
        var watched = Watched()
        let sent = watched.flood(500, every: 0) { Watched.traits($0 % 250) }
        #expect(sent == watched.terms.countryFloor)
        #expect(watched.stopped == [TrafficRange(.country, "DE")])
        #expect(watched.rule(Watched.traits(7, country: "FR")) == .pass)
    }

    @Test("a flood over many countries stops what the application sends to where nothing was ever verified")
    func thenApplication() {
        var watched = Watched()
        for _ in 0..<60 { watched.convert(Watched.traits(1, country: "FR")) }
        _ = watched.flood(1_000) { Watched.traits(1_000 + $0, country: "X\($0 % 100)") }
        #expect(watched.stopped.contains(TrafficRange(.application, "Shop")))
        #expect(watched.rule(Watched.traits(2, country: "FR")) == .pass)
        if case .stopped(let range, _) = watched.rule(Watched.traits(99_999, country: "X200")) {
            #expect(range.kind == .application)
        } else {
            Issue.record("the flood goes on")
        }
    }

    @Test("a visitor's network is stopped by itself; back ends have none")
    func network() {
        var watched = Watched()
        let sent = watched.flood(100) { Watched.traits($0, network: "192.0.2.0/24") }
        #expect(sent == watched.terms.networkFloor)
        #expect(watched.rule(Watched.traits(500, network: "198.51.100.0/24")) == .pass)
        #expect(watched.rule(Watched.traits(501)) == .pass)
    }

    @Test("a range whose codes are verified goes on while its country is stopped, under its own budget")
    func provenRange() {
        var watched = Watched()
        for _ in 0..<6 { watched.convert(Watched.traits(1)) }
        _ = watched.flood(300) { Watched.traits(100 + $0) }
        #expect(watched.stopped == [TrafficRange(.country, "DE")])
        #expect(watched.rule(Watched.traits(1)) == .pass)
        #expect(watched.flood(100) { _ in Watched.traits(1) } < 15)
    }

    @Test("codes that are verified make room for more, so that growth is not a fraud")
    func growth() {
        var watched = Watched()
        var refused = 0
        for position in 0..<2_000 where !watched.convert(Watched.traits(position % 20)) { refused += 1 }
        #expect(refused == 0)
        #expect(watched.events().isEmpty)
    }

    @Test("one stop is told once, however many sends it refuses, and its end once")
    func eventsOnce() {
        var watched = Watched()
        _ = watched.flood(300) { _ in Watched.traits(1) }
        let began = watched.events()
        #expect(began.map(\.range) == [TrafficRange(.prefix, "+491511")])
        #expect(began.first?.change == .began(unverified: 6, budget: 5))
        #expect(watched.events().isEmpty)
        watched.advance(seconds: 7_200)
        let ended = watched.events()
        #expect(ended.map(\.change) == [.cooled(refused: 295)])
        #expect(watched.events().isEmpty)
    }

    @Test("a kind without a floor is not watched")
    func unwatched() {
        var watched = Watched()
        watched.terms = GuardTerms(prefixFloor: 0, networkFloor: 0, countryFloor: 0, applicationFloor: 0)
        #expect(watched.flood(5_000) { _ in Watched.traits(1) } == 5_000)
    }

    @Test("a send that did not go out after all is taken back")
    func release() {
        var watched = Watched()
        for _ in 0..<100 { #expect(watched.releaseOne() == .pass) }
        #expect(watched.watch.stops(workspace: "ws").isEmpty)
    }

    @Test("whoever only asks uses nothing up, and is told what a send would be told")
    func asking() {
        var watched = Watched()
        func ask() -> GuardRuling {
            watched.watch.ask(about: Watched.traits(1), workspace: "ws", terms: watched.terms, now: watched.now)
        }
        for _ in 0..<100 { #expect(ask() == .pass) }
        _ = watched.flood(20) { _ in Watched.traits(1) }
        let refused = watched.watch.stops(workspace: "ws").first?.refused
        if case .stopped = ask() {} else { Issue.record("it would be stopped") }
        #expect(watched.watch.stops(workspace: "ws").first?.refused == refused)
        watched.watch.refuse(Watched.traits(1), workspace: "ws", terms: watched.terms, now: watched.now)
        #expect(watched.watch.stops(workspace: "ws").first?.refused == refused.map { $0 + 1 })
        watched.advance(seconds: 3_000)
        for _ in 0..<100 { #expect(ask() == .probe) }
        #expect(watched.watch.stops(workspace: "ws").first?.probes == 0)
    }

    @Test("what is going on in stopped ranges is told over all workspaces, those first that refused most")
    func stoppedTraffic() {
        var watched = Watched()
        for workspace in ["one", "other"] {
            for _ in 0..<10 { _ = watched.rule(Watched.traits(1), workspace: workspace) }
        }
        for _ in 0..<7 { _ = watched.rule(Watched.traits(2)) }
        let told = watched.watch.stoppedTraffic(of: [.prefix], atMost: 5, now: watched.now)
        #expect(told.map(\.range.name) == ["+491511", "+491512"])
        #expect(told.map(\.refused) == [10, 2] && told.map(\.unverified) == [10, 5])
        #expect(watched.watch.stoppedTraffic(of: [.prefix], atMost: 1, now: watched.now).count == 1)
        #expect(watched.watch.stoppedTraffic(of: [.country], atMost: 5, now: watched.now).isEmpty)
    }
}
