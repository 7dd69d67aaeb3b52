/// What the audit log costs the writes that it records: the same calls through two servers, in turn, one of which was built
/// without it.
struct AuditCostScenario: Scenario {
    static let name = "audit"

    /// More calls a second than any machine of this kind answers: how many requests are prepared.
    private static let ceiling = 15_000.0

    /// What one kind of call reached, run by run.
    private struct Series {
        var rates: [Double] = []
        /// Microseconds of processor time that the server took for a call.
        var times: [Double] = []
    }

    private enum Call: String, CaseIterable {
        case send = "send-otp"
        case verify = "verify-otp"
        case request = "permission-request"
        case use = "permission-use"
    }

    /// The calls of one server, measured again and again.
    private struct Subject {
        let server: ServerProcess
        let client: Client
        let agent: AgentClient
        var numbers = FreshNumbers()
        private(set) var series: [Call: Series] = [:]

        init(_ bench: Bench, _ programs: Programs) throws(BenchmarkError) {
            let installation = try Installation(programs: programs, folder: bench.folder)
            server = try installation.serve(in: bench.folder)
            client = Client(port: server.port, key: installation.testKey)
            agent = try AgentClient(port: server.port, operatorKey: installation.operatorKey)
            _ = try client.send(to: numbers.take(1000))
            _ = try agent.use(try agent.request(200, seconds: 10).grants, seconds: 10)
        }

        mutating func measure(_ seconds: Double) throws(BenchmarkError) {
            let (client, agent, count) = (client, agent, Int(seconds * AuditCostScenario.ceiling))
            let fresh = numbers.take(count)
            var codes: [SentCode] = []
            try measure(.send) { () throws(BenchmarkError) in
                let (result, sent) = try client.send(to: fresh, seconds: seconds)
                codes = sent
                return result
            }
            try measure(.verify) { () throws(BenchmarkError) in
                try client.verify(codes, seconds: seconds).requiring(200, in: "verify-otp")
            }
            var grants: [AgentClient.Grant] = []
            try measure(.request) { () throws(BenchmarkError) in
                let (result, granted) = try agent.request(count, seconds: seconds)
                grants = granted
                return result
            }
            try measure(.use) { () throws(BenchmarkError) in try agent.use(grants, seconds: seconds) }
        }

        private mutating func measure(
            _ call: Call, _ load: () throws(BenchmarkError) -> LoadResult
        ) throws(BenchmarkError) {
            let before = server.process.processorSeconds
            let result = try load()
            series[call, default: Series()].rates.append(result.rate)
            let used = server.process.processorSeconds - before
            series[call, default: Series()].times.append(used / Double(max(1, result.latencies.count)) * 1_000_000)
        }
    }

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        let withoutLog = Programs(
            countersign: "\(bench.withoutAuditLog)/countersign", benchmark: bench.programs.benchmark)
        var logged = try Subject(bench, bench.programs)
        defer { logged.server.end() }
        var bare = try Subject(bench, withoutLog)
        defer { bare.server.end() }
        try bench.repeated("with and without the audit log") { run throws(BenchmarkError) in
            // Who is measured first changes, so that a machine that gets slower or faster favours nobody.
            if run.isMultiple(of: 2) { try bare.measure(bench.seconds) }
            try logged.measure(bench.seconds)
            if !run.isMultiple(of: 2) { try bare.measure(bench.seconds) }
        }
        return Call.allCases.map { call in
            Self.finding(call, with: logged.series[call] ?? Series(), without: bare.series[call] ?? Series())
        }
    }

    private static func finding(_ call: Call, with: Series, without: Series) -> Finding {
        let share = Figure(label: "share that is left", unit: "", runs: zip(with.rates, without.rates).map { $0 / $1 })
        return Finding(
            name: "audit-cost-\(call.rawValue)", title: "\(call.rawValue): with the audit log and without",
            figures: [
                Figure(label: "with", unit: "/s", runs: with.rates),
                Figure(label: "without", unit: "/s", runs: without.rates), share,
                Figure(label: "processor time of the server, with", unit: "µs", runs: with.times),
                Figure(label: "the same without", unit: "µs", runs: without.times),
            ],
            checks: [Check(label: share.label, value: share.median, bound: .atLeast, target: 0.85, unit: "")])
    }
}
