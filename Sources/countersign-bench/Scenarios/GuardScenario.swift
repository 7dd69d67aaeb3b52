import FraudGuard

/// What the fraud guard costs a send, and a million prefixes in memory.
struct GuardScenario: Scenario {
    static let name = "guard"

    private static let prefixes = 1_000_000
    private static let sample = 200_000
    private static let terms = GuardTerms(
        prefixFloor: 5, networkFloor: 10, countryFloor: 1_000_000, applicationFloor: 0)

    func measure(_ bench: Bench) async throws(BenchmarkError) -> [Finding] {
        var watch = FraudGuard()
        let memory: (before: Double, highest: Double)
        do {
            memory = try await OwnProcess.memory { Self.fill(&watch) }
        } catch {
            throw BenchmarkError("memory: \(error)")
        }
        guard watch.rangeCount >= Self.prefixes else { throw BenchmarkError("the guard forgot prefixes") }
        var rulings: [Double] = []
        var lookups: [Double] = []
        try bench.repeated("rulings among 1,000,000 prefixes") { run throws(BenchmarkError) in
            rulings.append(Self.microseconds { Self.send(run, &watch) })
            lookups.append(Self.microseconds { Self.count(run) })
        }
        return [Self.cost(rulings, lookups), Self.memory(memory.highest - memory.before)]
    }

    private static func cost(_ rulings: [Double], _ lookups: [Double]) -> Finding {
        let figure = Figure(label: "a send: ruled on and verified", unit: "µs", runs: rulings)
        return Finding(
            name: "guard-cost", title: "The fraud guard among 1,000,000 prefixes, one core",
            figures: [figure, Figure(label: "a look-up in Swift's dictionary", unit: "µs", runs: lookups)],
            checks: [Check(label: "a send", value: figure.median, bound: .atMost, target: 20, unit: "µs")])
    }

    private static func memory(_ mebibytes: Double) -> Finding {
        let megabytes = mebibytes * 1.048576
        return Finding(
            name: "guard-memory", title: "1,000,000 prefixes in the fraud guard's memory",
            figures: [Figure(label: "resident, at most", unit: "MB", runs: [megabytes])],
            checks: [Check(label: "resident", value: megabytes, bound: .atMost, target: 100, unit: "MB")])
    }

    private static func fill(_ watch: inout FraudGuard) {
        for position in 0..<prefixes { send(traits(position), at: Int64(position), &watch) }
    }

    /// The sends of one run, to prefixes all over the memory.
    private static func send(_ run: Int, _ watch: inout FraudGuard) {
        for position in 0..<sample {
            send(traits((position * 7_919 + run) % prefixes), at: Int64(prefixes + run * sample + position), &watch)
        }
    }

    private static func send(_ traits: SendTraits, at position: Int64, _ watch: inout FraudGuard) {
        let now = 1_800_000_000_000 + position
        let ruling = watch.rule(on: traits, workspace: "ws", terms: terms, now: now)
        guard ruling == .pass else { return }
        watch.verify(traits, standing: .counted, workspace: "ws", sentAt: now, now: now + 1)
    }

    /// The same number of entries in a dictionary, found by the same texts.
    private static func count(_ run: Int) {
        var counts: [String: Int] = [:]
        for position in 0..<sample { counts["+49\(10_000_000 + (position * 7_919 + run) % prefixes)", default: 0] += 1 }
    }

    private static func traits(_ position: Int) -> SendTraits {
        SendTraits(
            prefix: "+49\(10_000_000 + position)", country: "C\(position % 200)",
            network: "192.0.2.\(position % 256)/24",
            application: "Shop")
    }

    private static func microseconds(_ work: () -> Void) -> Double {
        let start = MonotonicClock.now
        work()
        return MonotonicClock.seconds(since: start) * 1e6 / Double(sample)
    }
}
