import Testing

@testable import FraudGuard

@Suite("What the guard's memory costs")
struct MemoryTests {
    @Test("a range costs 32 bytes, and a million of them less than 100 MB")
    func size() {
        var table = RangeTable()
        for position in 0..<1_000_000 {
            table.update(TrafficRange(.prefix, "\(position)").key, now: 0, mayGrow: { _ in true }) {
                $0.addVerified(1)
            }
        }
        #expect(MemoryLayout<RangeRecord>.stride == 32)
        #expect(table.count > 999_000)
        #expect(table.places * 32 < 100_000_000)
    }

    @Test("memory has a bound, and what says least makes room")
    func bound() {
        var watched = Watched(places: 4_096)
        for _ in 0..<50 { watched.convert(Watched.traits(1)) }
        watched.terms = GuardTerms(prefixFloor: 5, networkFloor: 0, countryFloor: 0, applicationFloor: 0)
        for position in 0..<50_000 { _ = watched.rule(Watched.traits(10 + position)) }
        #expect(watched.watch.rangeCount <= 4_096)
        // The range that was verified fifty times is still known to be one.
        #expect(watched.flood(100) { _ in Watched.traits(1) } > 10)
    }

    @Test("a flood of one workspace does not push out what is known of another's ranges")
    func fairness() {
        var watched = Watched(places: 4_096)
        watched.terms = GuardTerms(prefixFloor: 5, networkFloor: 0, countryFloor: 0, applicationFloor: 0)
        for position in 0..<50_000 { _ = watched.rule(Watched.traits(position), workspace: "flooded") }
        for position in 0..<200 { watched.convert(Watched.traits(position)) }
        for position in 0..<50_000 { _ = watched.rule(Watched.traits(position), workspace: "flooded") }
        var known = 0
        for position in 0..<200 where watched.flood(12, every: 0, { _ in Watched.traits(position) }) > 5 { known += 1 }
        #expect(known == 200)
    }

    @Test("a clock that goes back does not make anything grow")
    func clock() {
        var watched = Watched()
        _ = watched.flood(3) { _ in Watched.traits(1) }
        watched.advance(seconds: -86_400)
        #expect(watched.flood(50) { _ in Watched.traits(1) } == 2)
    }
}
