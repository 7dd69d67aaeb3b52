/// init, verify and login of the Turnkey dialect through the whole server, beside the same P-256 and HPKE operations in
/// one process.
struct SealedFlowScenario: Scenario {
    static let name = "sealed"

    /// More inits a second than any machine of this kind makes: how many requests are prepared.
    private static let ceiling = 12_000.0

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        let installation = try Installation(programs: bench.programs, folder: bench.folder)
        let server = try installation.serve(in: bench.folder)
        defer { server.end() }
        let client = try Self.client(of: installation, server, bench)
        let operations = try SealedOperations()
        var runs = Runs()
        for run in 1...bench.runs {
            bench.progress("sealed flow, run \(run) of \(bench.runs)")
            let count = Int(bench.seconds * Self.ceiling)
            let (initiated, targets) = try client.initiate(count, seconds: bench.seconds)
            let (verified, tokens) = try client.verify(targets, seconds: bench.seconds)
            runs.initiated.append(initiated)
            runs.verified.append(verified)
            runs.loggedIn.append(try client.logIn(tokens, seconds: bench.seconds))
            runs.initiations.append(try operations.initiations(seconds: bench.seconds / 2))
            runs.verifications.append(try operations.verifications(seconds: bench.seconds / 2))
        }
        return runs.findings
    }

    /// A sandbox with a stamping key and a user.
    static func client(
        of installation: Installation, _ server: ServerProcess, _ bench: Bench, isSecure: Bool = false
    ) throws(BenchmarkError) -> DialectClient {
        let client = DialectClient(
            port: server.port, isSecure: isSecure, organization: installation.organization,
            stampingKey: try StampingKey(),
            clientKey: try StampingKey())
        try installation.administer(["workspace", "set", "--sandbox", "true"], in: bench.folder)
        let key = client.stampingKey.publicKey.compressedHexadecimal
        try installation.administer(
            ["key", "create", "--kind", "stamp", "--public-key", key], in: bench.folder)
        let (_, targets) = try client.initiate(200, seconds: 10)
        let (_, tokens) = try client.verify(targets, seconds: 10)
        guard let token = tokens.first else { throw BenchmarkError("no code was verified") }
        try client.signUp(token, configuration: installation.authProxyConfiguration)
        return client
    }

    private struct Runs {
        var initiated: [LoadResult] = []
        var verified: [LoadResult] = []
        var loggedIn: [LoadResult] = []
        var initiations: [Double] = []
        var verifications: [Double] = []

        var findings: [Finding] {
            [
                finding(
                    "sealed-init", "init_otp: stamped, durable, a target key and its signature", initiated, initiations),
                finding(
                    "sealed-verify", "verify_otp: stamped, durable, HPKE opened, token signed", verified, verifications),
                logins,
            ]
        }

        private func finding(_ name: String, _ title: String, _ loads: [LoadResult], _ reference: [Double]) -> Finding {
            let rate = Figure(label: name, unit: "/s", runs: loads.map(\.rate))
            let alone = Figure(label: "the same P-256 and HPKE operations alone", unit: "/s", runs: reference)
            return Finding(
                name: name, title: title,
                figures: [
                    rate, Figure(label: "\(name), p50", unit: "ms", runs: loads.map { $0.milliseconds(at: 0.5) }),
                    Figure(label: "\(name), p99", unit: "ms", runs: loads.map { $0.milliseconds(at: 0.99) }), alone,
                ],
                checks: [
                    Check(
                        label: "share of the operations alone", value: rate.median / alone.median, bound: .atLeast,
                        target: 0.6, unit: "")
                ])
        }

        private var logins: Finding {
            let rate = Figure(label: "otp_login", unit: "/s", runs: loggedIn.map(\.rate))
            return Finding(
                name: "sealed-login", title: "otp_login: stamped, durable, one session each, the oldest evicted",
                figures: [
                    rate, Figure(label: "otp_login, p99", unit: "ms", runs: loggedIn.map { $0.milliseconds(at: 0.99) }),
                ],
                checks: [Check(label: "rate", value: rate.median, bound: .atLeast, target: 3_000, unit: "/s")])
        }
    }
}
