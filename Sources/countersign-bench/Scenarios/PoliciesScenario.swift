import Policies

/// Policy decisions in this process on one core, beside a naive evaluation of the same rules and beside Cedar.
struct PoliciesScenario: Scenario {
    static let name = "policies"

    /// Patterns that a backtracking engine does not finish.
    private static let catastrophic = ["(a+)+$", "(a|a)*$", "(a|aa)+$", "([a-zA-Z]+)*$", "^(([a-z])+.)+[A-Z]([a-z])+$"]

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        let hundred = try Decisions(policies: 100, bench)
        let thousand = try Decisions(policies: 1_000, bench)
        return [
            hundred.finding(
                "policies-100", Check.Bound.atLeast, 200_000, of: "decisions", unit: "/s", { $0 }),
            thousand.finding("policies-1000", .atMost, 100, of: "a decision", unit: "µs", { 1e6 / $0 }),
            try patterns(bench),
        ]
    }

    private func patterns(_ bench: Bench) throws(BenchmarkError) -> Finding {
        let text = String(repeating: "a", count: 100_000) + "!"
        var slowest: [Double] = []
        do {
            let patterns = try Self.catastrophic.map { try Pattern($0) }
            try bench.repeated("catastrophic patterns") { _ throws(BenchmarkError) in
                slowest.append(patterns.map { Self.milliseconds($0, text) }.max() ?? 0)
            }
        } catch {
            throw BenchmarkError("patterns: \(error)")
        }
        let figure = Figure(label: "slowest of \(Self.catastrophic.count) patterns", unit: "ms", runs: slowest)
        return Finding(
            name: "policies-patterns", title: "100,000 characters against a catastrophic pattern", figures: [figure],
            checks: [Check(label: "median", value: figure.median, bound: .atMost, target: 50, unit: "ms")])
    }

    private static func milliseconds(_ pattern: Pattern, _ text: String) -> Double {
        let start = MonotonicClock.now
        _ = pattern.isFound(in: text)
        return MonotonicClock.seconds(since: start) * 1e3
    }
}

/// Decisions a second over one set of rules, each way in each run.
private struct Decisions {
    private let count: Int
    private var own: [Double] = []
    private var naive: [Double] = []
    private var cedar: [Double] = []

    init(policies count: Int, _ bench: Bench) throws(BenchmarkError) {
        self.count = count
        let workload = try PolicyWorkload(policies: count)
        let naivePolicies = NaivePolicies(workload.set)
        let approved = workload.facts.count { workload.set.evaluate($0).action == .autoApprove }
        guard approved == workload.requests.count(where: { naivePolicies.decision($0) == "auto_approve" }) else {
            throw BenchmarkError("the naive evaluation decides otherwise")
        }
        for run in 1...bench.runs {
            bench.progress("decisions over \(count) policies, run \(run) of \(bench.runs)")
            own.append(Self.rate(workload.facts, bench.seconds) { workload.set.evaluate($0).action == .autoApprove })
            naive.append(
                Self.rate(workload.requests, bench.seconds / 2) { naivePolicies.decision($0) == "auto_approve" })
            let rate = try CedarRate(
                workload, program: bench.cedar, folder: bench.folder, seconds: bench.seconds / 2)
            guard rate.allowed == approved else { throw BenchmarkError("Cedar decides otherwise") }
            cedar.append(rate.rate)
        }
    }

    private static func rate<Request>(
        _ requests: [Request], _ seconds: Double, _ isApproved: (Request) -> Bool
    ) -> Double {
        let start = MonotonicClock.now
        var decisions = 0
        var approved = 0
        while MonotonicClock.seconds(since: start) < seconds {
            for request in requests where isApproved(request) { approved += 1 }
            decisions += requests.count
        }
        return approved == 0 ? 0 : Double(decisions) / MonotonicClock.seconds(since: start)
    }

    func finding(
        _ name: String, _ bound: Check.Bound, _ target: Double, of what: String, unit: String,
        _ value: (Double) -> Double
    ) -> Finding {
        let figure = Figure(label: what, unit: unit, runs: own.map(value))
        return Finding(
            name: name, title: "Decisions over \(count) policies, in process, one core",
            figures: [
                figure, Figure(label: "naive evaluation of the same policies", unit: unit, runs: naive.map(value)),
                Figure(label: "Cedar through cedarpy, in batches", unit: unit, runs: cedar.map(value)),
            ],
            checks: [Check(label: what, value: figure.median, bound: bound, target: target, unit: unit)])
    }
}
