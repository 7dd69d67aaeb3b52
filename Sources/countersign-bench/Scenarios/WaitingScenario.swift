import Glibc

/// Clients that wait: what each kind costs in memory, and how soon all of them hear the news.
struct WaitingScenario: Scenario {
    static let name = "waiting"
    /// Megabytes that the server may take with all who wait.
    private static let target = 200.0

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        [
            try finding("at the HTTP layer", WaitingRoom.Kind.allCases.map { ($0.label, $0.start) }, bench),
            try finding(
                "for a permission, in the whole host", WaitingHost.Kind.allCases.map { ($0.label, $0.start) }, bench),
        ]
    }

    private typealias Start = (Bench) throws(BenchmarkError) -> any WaitingServer

    private func finding(
        _ place: String, _ kinds: [(label: String, start: Start)], _ bench: Bench
    ) throws(BenchmarkError) -> Finding {
        var figures: [Figure] = []
        var checks: [Check] = []
        for kind in kinds {
            var memory: [Double] = []
            var times: [Double] = []
            try bench.repeated("\(bench.waiting) \(kind.label) \(place)") { _ throws(BenchmarkError) in
                let run = try Self.run(kind.start, bench)
                memory.append(run.megabytes)
                times.append(run.milliseconds)
            }
            let used = Figure(label: "\(kind.label): memory of the server", unit: "MB", runs: memory)
            figures += [used, Figure(label: "\(kind.label): until all are told", unit: "ms", runs: times)]
            checks.append(
                Check(label: kind.label, value: used.median, bound: .atMost, target: Self.target, unit: "MB"))
        }
        let title = "\(bench.waiting) clients that wait \(place)"
        return Finding(name: Self.name, title: title, figures: figures, checks: checks)
    }

    private static func run(
        _ start: Start, _ bench: Bench
    ) throws(BenchmarkError) -> (megabytes: Double, milliseconds: Double) {
        let server = try start(bench)
        defer { server.process.end() }
        let clients = try WaitingClients(bench.waiting, port: server.process.port, requests: server.requests)
        defer { clients.close() }
        try awaitListeners(bench.waiting, server)
        guard let kibibytes = server.process.process.residentKibibytes else {
            throw BenchmarkError("the server has ended")
        }
        let start = MonotonicClock.now
        try server.tell()
        try clients.awaitAll(server.news)
        return (Double(kibibytes) * 1024 / 1e6, MonotonicClock.seconds(since: start) * 1000)
    }

    private static func awaitListeners(_ count: Int, _ server: any WaitingServer) throws(BenchmarkError) {
        let start = MonotonicClock.now
        while true {
            let listeners = try server.listeners()
            // They are counted as they begin to listen, which is a moment before they wait.
            if listeners == count { return _ = usleep(500_000) }
            guard MonotonicClock.seconds(since: start) < 25 else {
                throw BenchmarkError("\(listeners) of \(count) clients wait")
            }
            usleep(10_000)
        }
    }
}
