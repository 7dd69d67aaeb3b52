import Glibc

/// What clients that send a byte a second cost the others: send-otp at half of what the server can do, with and without
/// them.
struct SlowClientsScenario: Scenario {
    static let name = "slow-clients"
    private static let count = 5000

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        let pair = try CertificatePair(bench)
        return [
            try measure(bench, nil, "slow headers and bodies"), try measure(bench, pair, "slow handshakes of TLS"),
        ]
    }

    private func measure(
        _ bench: Bench, _ pair: CertificatePair?, _ title: String
    ) throws(BenchmarkError) -> Finding {
        let installation = try Installation(programs: bench.programs, folder: bench.folder)
        let server = try installation.serve(in: bench.folder, pair)
        defer { server.end() }
        var numbers = FreshNumbers()
        func requests(_ count: Double) -> PreparedRequests {
            Client(port: server.port, key: installation.testKey).requests(sendingTo: numbers.take(Int(count)))
        }
        let capacity = try LoadGenerator(port: server.port, isSecure: pair != nil)
            .run(requests(bench.seconds * SendAndVerifyScenario.ceiling), .once, seconds: bench.seconds).requiring(
                200, in: title
            ).rate
        let load = PacedLoad(port: server.port, rate: capacity / 2, isSecure: pair != nil)
        var alone: [LoadResult] = []
        var beside: [LoadResult] = []
        try bench.repeated(title) { _ throws(BenchmarkError) in
            let count = bench.seconds * load.rate + 1
            alone.append(try load.run(requests(count), seconds: bench.seconds).requiring(200, in: title))
            let slow = try Self.start(bench, server.port, handshakes: pair != nil)
            defer { slow.end() }
            beside.append(try load.run(requests(count), seconds: bench.seconds).requiring(200, in: title))
        }
        return finding(title, isSecure: pair != nil, rate: load.rate, alone, beside)
    }

    private func finding(
        _ title: String, isSecure: Bool, rate: Double, _ alone: [LoadResult], _ beside: [LoadResult]
    ) -> Finding {
        let figures = [
            Figure(label: "send-otp, half of what it can", unit: "/s", runs: [rate]),
            Figure(label: "without them, p50", unit: "ms", runs: alone.map { $0.milliseconds(at: 0.5) }),
            Figure(label: "without them, p99", unit: "ms", runs: alone.map { $0.milliseconds(at: 0.99) }),
            Figure(label: "beside them, p50", unit: "ms", runs: beside.map { $0.milliseconds(at: 0.5) }),
            Figure(label: "beside them, p99", unit: "ms", runs: beside.map { $0.milliseconds(at: 0.99) }),
        ]
        return Finding(
            name: isSecure ? "\(Self.name)-tls" : Self.name,
            title: "\(Self.count) clients with \(title), a byte a second each, beside send-otp", figures: figures,
            checks: [
                Check(
                    label: "p99 beside them, times the usual", value: figures[4].median / figures[2].median,
                    bound: .atMost, target: 2, unit: "")
            ])
    }

    /// Starts the slow clients and waits until all are connected.
    private static func start(
        _ bench: Bench, _ port: UInt16, handshakes: Bool
    ) throws(BenchmarkError) -> ChildProcess {
        let output = bench.folder.path("slow-clients.log")
        let process = try ChildProcess(
            bench.programs.benchmark,
            ["slow-clients", "--port", "\(port)", "--count", "\(count)"] + (handshakes ? ["--handshakes"] : []),
            output: output)
        let start = MonotonicClock.now
        while MonotonicClock.seconds(since: start) < 30, process.isRunning {
            if TextFile.read(output)?.hasPrefix(SlowClients.ready) == true { return process }
            usleep(10_000)
        }
        process.end()
        throw BenchmarkError("the slow clients did not connect: see \(output).errors")
    }
}
