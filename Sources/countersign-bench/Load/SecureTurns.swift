/// The same requests over TLS and in the clear, in short turns, so that both see the same machine.
struct SecureTurns {
    typealias Requests = (_ isSecure: Bool) -> (PreparedRequests, LoadGenerator.Choice)

    /// Turns of each kind in a run.
    private static let count = 4

    /// The port that speaks TLS.
    let secure: UInt16
    /// The port that does not.
    let plain: UInt16

    /// What a turn takes.
    static func seconds(of bench: Bench) -> Double { bench.seconds / Double(count) }

    func finding(
        _ bench: Bench, _ name: String, _ title: String, _ requests: Requests
    ) throws(BenchmarkError) -> Finding {
        var encrypted: [LoadResult] = []
        var clear: [LoadResult] = []
        _ = try turn(bench, true, requests)
        _ = try turn(bench, false, requests)
        try bench.repeated(title) { _ throws(BenchmarkError) in
            var results = (encrypted: LoadResult(), clear: LoadResult())
            for _ in 0..<Self.count {
                results.encrypted.append(try turn(bench, true, requests))
                results.clear.append(try turn(bench, false, requests))
            }
            encrypted.append(results.encrypted)
            clear.append(results.clear)
        }
        let shares = Figure(
            label: "share of it", unit: "", runs: zip(encrypted, clear).map { $0.rate / $1.rate })
        let figures = [
            Figure(label: "over TLS 1.3", unit: "/s", runs: encrypted.map(\.rate)),
            Figure(label: "over TLS 1.3, p99", unit: "ms", runs: encrypted.map { $0.milliseconds(at: 0.99) }),
            Figure(label: "in the clear", unit: "/s", runs: clear.map(\.rate)), shares,
        ]
        return Finding(
            name: name, title: title, figures: figures,
            checks: [
                Check(label: "share of plain HTTP", value: shares.median, bound: .atLeast, target: 0.85, unit: "")
            ])
    }

    private func turn(_ bench: Bench, _ isSecure: Bool, _ requests: Requests) throws(BenchmarkError) -> LoadResult {
        let (requests, choice) = requests(isSecure)
        return try LoadGenerator(port: isSecure ? secure : plain, isSecure: isSecure)
            .run(requests, choice, seconds: Self.seconds(of: bench)).requiring(200, in: "turn")
    }
}
