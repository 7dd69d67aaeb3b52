import Testing

@testable import FraudGuard

@Suite("What the guard would have stopped")
struct SimulationTests {
    private static let seeds: [UInt64] = [1, 2, 3]
    private static let service = Simulation(sendsADay: 5_000, learningDays: 2)

    @Test(
        "at least 95 % of a flood, and of the people of that day under 0.1 %",
        arguments: TrafficShape.allCases.filter(\.isPromised), seeds)
    func flood(shape: TrafficShape, seed: UInt64) {
        let outcome = Self.service.run(shape, seed: seed)
        #expect(outcome.floodSends > 1_000)
        #expect(outcome.stoppedShare >= 0.95)
        #expect(outcome.wrongShare < 0.001)
    }

    @Test(
        "under 0.1 % of an ordinary day, and of one with a launch", arguments: [TrafficShape.normalDay, .launchPeak],
        seeds)
    func people(shape: TrafficShape, seed: UInt64) {
        let outcome = Self.service.run(shape, seed: seed)
        #expect(outcome.peopleSends > 5_000)
        #expect(outcome.wrongShare < 0.001)
    }

    @Test("the same seed plays the same day, and another one another")
    func repeatable() {
        let simulation = Simulation(sendsADay: 2_000, learningDays: 1)
        let one = simulation.run(.oneRange, seed: 7)
        #expect(one == simulation.run(.oneRange, seed: 7))
        #expect(one.peopleSends != simulation.run(.oneRange, seed: 8).peopleSends)
    }

    @Test("without the guard nothing of a flood is stopped")
    func withoutGuard() {
        let off = GuardTerms(prefixFloor: 0, networkFloor: 0, countryFloor: 0, applicationFloor: 0)
        let outcome = Simulation(sendsADay: 2_000, learningDays: 1, terms: off).run(.oneRange, seed: 1)
        #expect(outcome.floodStopped == 0)
    }
}
