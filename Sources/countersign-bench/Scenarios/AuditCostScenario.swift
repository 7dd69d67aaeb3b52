/// What the audit log costs the writes that it records: the same calls through two servers, in turn, one of which keeps no
/// entries.
struct AuditCostScenario: Scenario {
    static let name = "audit"

    /// More calls a second than any machine of this kind answers: how many requests are prepared.
    private static let ceiling = 15_000.0

    /// The calls of one server, measured again and again.
    private struct Subject {
        let server: ServerProcess
        let client: Client
        let agent: AgentClient
        var numbers = FreshNumbers()
        var sends: [Double] = []
        var verifications: [Double] = []
        var requests: [Double] = []
        var uses: [Double] = []

        init(_ bench: Bench, logged: Bool) throws(BenchmarkError) {
            let installation = try Installation(programs: bench.programs, folder: bench.folder)
            if !logged { try installation.keepNoAuditEntries() }
            server = try installation.serve(in: bench.folder)
            client = Client(port: server.port, key: installation.testKey)
            agent = try AgentClient(port: server.port, operatorKey: installation.operatorKey)
            _ = try client.send(to: numbers.take(1000))
            _ = try agent.use(try agent.request(200, seconds: 10).grants, seconds: 10)
        }

        mutating func measure(_ seconds: Double) throws(BenchmarkError) {
            let count = Int(seconds * ceiling)
            let (sending, codes) = try client.send(to: numbers.take(count), seconds: seconds)
            sends.append(sending.rate)
            verifications.append(try client.verify(codes, seconds: seconds).requiring(200, in: "verify-otp").rate)
            let (asking, grants) = try agent.request(count, seconds: seconds)
            requests.append(asking.rate)
            uses.append(try agent.use(grants, seconds: seconds).rate)
        }
    }

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        var logged = try Subject(bench, logged: true)
        defer { logged.server.end() }
        var bare = try Subject(bench, logged: false)
        defer { bare.server.end() }
        try bench.repeated("with and without the audit log") { run throws(BenchmarkError) in
            // Who is measured first changes, so that a machine that gets slower or faster favours nobody.
            if run.isMultiple(of: 2) { try bare.measure(bench.seconds) }
            try logged.measure(bench.seconds)
            if !run.isMultiple(of: 2) { try bare.measure(bench.seconds) }
        }
        return [
            Self.finding("send-otp", with: logged.sends, without: bare.sends),
            Self.finding("verify-otp", with: logged.verifications, without: bare.verifications),
            Self.finding("permission request", with: logged.requests, without: bare.requests),
            Self.finding("permission use", with: logged.uses, without: bare.uses),
        ]
    }

    private static func finding(_ what: String, with: [Double], without: [Double]) -> Finding {
        let share = Figure(label: "share that is left", unit: "", runs: zip(with, without).map { $0 / $1 })
        return Finding(
            name: "audit-cost-\(what.replacing(" ", with: "-"))", title: "\(what): with the audit log and without",
            figures: [
                Figure(label: "with", unit: "/s", runs: with), Figure(label: "without", unit: "/s", runs: without),
                share,
            ],
            checks: [Check(label: share.label, value: share.median, bound: .atLeast, target: 0.85, unit: "")])
    }
}
