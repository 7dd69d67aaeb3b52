/// The same requests over TLS and in the clear, in short turns, so that both see the same machine.
struct SecureTurns {
    typealias Requests = (_ isSecure: Bool) -> (PreparedRequests, LoadGenerator.Choice)

    /// Turns of each kind in a run.
    private static let count = 4

    /// What was asked in a kind of turns, and what the server took for it.
    private struct Turns {
        var load = LoadResult()
        var processorSeconds = 0.0

        /// Microseconds of processor time for each answer, of the server and of the processes that it started.
        var work: Double { processorSeconds * 1e6 / Double(max(1, load.latencies.count)) }
    }

    /// The server that speaks TLS.
    let secure: ServerProcess
    /// The server that does not.
    let plain: ServerProcess

    /// What a turn takes.
    static func seconds(of bench: Bench) -> Double { bench.seconds / Double(count) }

    func finding(
        _ bench: Bench, _ name: String, _ title: String, _ requests: Requests
    ) throws(BenchmarkError) -> Finding {
        var encrypted: [Turns] = []
        var clear: [Turns] = []
        var untold = Turns()
        try turn(bench, true, requests, &untold)
        try turn(bench, false, requests, &untold)
        try bench.repeated(title) { _ throws(BenchmarkError) in
            var turns = (encrypted: Turns(), clear: Turns())
            for _ in 0..<Self.count {
                try turn(bench, true, requests, &turns.encrypted)
                try turn(bench, false, requests, &turns.clear)
            }
            encrypted.append(turns.encrypted)
            clear.append(turns.clear)
        }
        let shares = Figure(
            label: "share of it", unit: "", runs: zip(encrypted, clear).map { $0.load.rate / $1.load.rate })
        let figures = [
            Figure(label: "over TLS 1.3", unit: "/s", runs: encrypted.map(\.load.rate)),
            Figure(label: "over TLS 1.3, p99", unit: "ms", runs: encrypted.map { $0.load.milliseconds(at: 0.99) }),
            Figure(label: "in the clear", unit: "/s", runs: clear.map(\.load.rate)), shares,
            Figure(label: "the server's work, over TLS 1.3", unit: "µs", runs: encrypted.map(\.work)),
            Figure(label: "the server's work, in the clear", unit: "µs", runs: clear.map(\.work)),
        ]
        return Finding(
            name: name, title: title, figures: figures,
            checks: [
                Check(label: "share of plain HTTP", value: shares.median, bound: .atLeast, target: 0.85, unit: "")
            ])
    }

    private func turn(
        _ bench: Bench, _ isSecure: Bool, _ requests: Requests, _ turns: inout Turns
    ) throws(BenchmarkError) {
        let server = isSecure ? secure : plain
        let (requests, choice) = requests(isSecure)
        let before = server.process.processorSeconds
        let load = try LoadGenerator(port: server.port, isSecure: isSecure)
            .run(requests, choice, seconds: Self.seconds(of: bench)).requiring(200, in: "turn")
        turns.processorSeconds += server.process.processorSeconds - before
        turns.load.append(load)
    }
}
