/// send-otp and verify-otp through the whole server, beside a bare HTTP answer, SQLite's own commits and OpenSSL's own
/// signatures.
struct SendAndVerifyScenario: Scenario {
    static let name = "passcodes"

    /// More sends a second than any machine of this kind makes: how many requests are prepared.
    static let ceiling = 25_000.0

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        let installation = try Installation(programs: bench.programs, folder: bench.folder)
        let server = try installation.serve(in: bench.folder)
        defer { server.end() }
        let client = Client(port: server.port, key: installation.testKey)
        var numbers = FreshNumbers()
        _ = try client.send(to: numbers.take(1000))
        var codes: [[SentCode]] = []
        let sending = try measureSending(bench, client, &numbers, &codes)
        return [sending, try measureVerifying(bench, client, codes)]
    }

    private func measureSending(
        _ bench: Bench, _ client: Client, _ numbers: inout FreshNumbers, _ codes: inout [[SentCode]]
    ) throws(BenchmarkError) -> Finding {
        var sends: [LoadResult] = []
        var plain: [Double] = []
        var single: [Double] = []
        var batched: [Double] = []
        for run in 1...bench.runs {
            bench.progress("send-otp, run \(run) of \(bench.runs)")
            let (result, sent) = try client.send(
                to: numbers.take(Int(bench.seconds * Self.ceiling)), seconds: bench.seconds)
            sends.append(result)
            codes.append(sent)
            plain.append(try HTTPLayerScenario.load("serve-plain", bench).rate)
            let path = bench.folder.path("reference.sqlite")
            single.append(try CommitRate.unitsPerSecond(path: path, unitsPerCommit: 1, seconds: bench.seconds / 2))
            batched.append(try CommitRate.unitsPerSecond(path: path, unitsPerCommit: 64, seconds: bench.seconds / 2))
        }
        let rate = Figure(label: "send-otp", unit: "/s", runs: sends.map(\.rate))
        let tail = Figure(label: "send-otp, p99", unit: "ms", runs: sends.map { $0.milliseconds(at: 0.99) })
        return Finding(
            name: "send-otp", title: "send-otp: test key, durable, a new number each time, 64 connections",
            figures: [
                rate,
                Figure(label: "send-otp, p50", unit: "ms", runs: sends.map { $0.milliseconds(at: 0.5) }),
                tail,
                Figure(label: "bare SwiftNIO answer of that size", unit: "/s", runs: plain),
                Figure(label: "SQLite, two rows, one by one", unit: "commits/s", runs: single),
                Figure(label: "SQLite, two rows, 64 in a commit", unit: "units/s", runs: batched),
            ],
            checks: [
                Check(label: "rate", value: rate.median, bound: .atLeast, target: 8_000, unit: "/s"),
                Check(label: "p99", value: tail.median, bound: .atMost, target: 50, unit: "ms"),
            ])
    }

    private func measureVerifying(
        _ bench: Bench, _ client: Client, _ codes: [[SentCode]]
    ) throws(BenchmarkError) -> Finding {
        var verifications: [LoadResult] = []
        var signatures: [Double] = []
        for (run, sent) in codes.enumerated() {
            bench.progress("verify-otp, run \(run + 1) of \(codes.count)")
            verifications.append(
                try client.verify(sent, seconds: bench.seconds).requiring(200, in: "verify-otp"))
            signatures.append(try SigningRate.rsa2048(seconds: 3, folder: bench.folder))
        }
        let rate = Figure(label: "verify-otp", unit: "/s", runs: verifications.map(\.rate))
        let reference = Figure(label: "openssl speed rsa2048, all cores", unit: "signatures/s", runs: signatures)
        let share = rate.median / reference.median
        return Finding(
            name: "verify-otp", title: "verify-otp: the right code, an RS256 token in each answer, 64 connections",
            figures: [
                rate,
                Figure(label: "verify-otp, p50", unit: "ms", runs: verifications.map { $0.milliseconds(at: 0.5) }),
                Figure(label: "verify-otp, p99", unit: "ms", runs: verifications.map { $0.milliseconds(at: 0.99) }),
                reference,
            ],
            checks: [Check(label: "share of OpenSSL's own rate", value: share, bound: .atLeast, target: 0.75, unit: "")]
        )
    }
}
