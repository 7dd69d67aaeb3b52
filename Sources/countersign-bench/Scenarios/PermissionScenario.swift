/// A permission that a policy approves, and the use of its token, through the whole server.
struct PermissionScenario: Scenario {
    static let name = "permissions"

    /// More requests a second than any machine of this kind answers: how many are prepared.
    private static let ceiling = 15_000.0

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        let installation = try Installation(programs: bench.programs, folder: bench.folder)
        let server = try installation.serve(in: bench.folder)
        defer { server.end() }
        let agent = try AgentClient(port: server.port, operatorKey: installation.operatorKey)
        _ = try agent.use(try agent.request(200, seconds: 10).grants, seconds: 10)
        var asked: [LoadResult] = []
        var used: [LoadResult] = []
        try bench.repeated("permissions") { _ throws(BenchmarkError) in
            let (result, grants) = try agent.request(Int(bench.seconds * Self.ceiling), seconds: bench.seconds)
            asked.append(result)
            used.append(try agent.use(grants, seconds: bench.seconds * 2))
        }
        return [finding(asked, used)]
    }

    private func finding(_ asked: [LoadResult], _ used: [LoadResult]) -> Finding {
        // A pair takes the time of one of each.
        let pairs = Figure(
            label: "pairs of request and use", unit: "/s",
            runs: zip(asked, used).map { 1 / (1 / $0.rate + 1 / $1.rate) })
        let slowest = Figure(
            label: "p99 of the slower one", unit: "ms",
            runs: zip(asked, used).map { max($0.milliseconds(at: 0.99), $1.milliseconds(at: 0.99)) })
        return Finding(
            name: Self.name, title: "permissions: asked for, approved by a policy, used; durable, 64 connections",
            figures: [
                Figure(label: "requests", unit: "/s", runs: asked.map(\.rate)),
                Figure(label: "uses", unit: "/s", runs: used.map(\.rate)), pairs, slowest,
            ],
            checks: [
                Check(label: "pairs", value: pairs.median, bound: .atLeast, target: 4_000, unit: "/s"),
                Check(label: "p99", value: slowest.median, bound: .atMost, target: 50, unit: "ms"),
            ])
    }
}
