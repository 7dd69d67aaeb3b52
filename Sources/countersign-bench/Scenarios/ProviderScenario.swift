/// Messages through a provider on this machine, over TLS on kept connections: alone, beside a provider that hangs, and as
/// the `curl` command sends them.
struct ProviderScenario: Scenario {
    static let name = "providers"
    private static let target = 2_000.0

    func measure(_ bench: Bench) async throws(BenchmarkError) -> [Finding] {
        let installation = try Installation(programs: bench.programs, folder: bench.folder)
        let provider = try LocalProvider(in: bench.folder)
        defer { provider.end() }
        let enclave = try await DeliveringEnclave(installation, to: provider)
        var alone: [Double] = []
        var beside: [Double] = []
        var curl: [Double] = []
        for run in 1...bench.runs {
            bench.progress("messages through a local provider, run \(run) of \(bench.runs)")
            alone.append(try await enclave.rate(seconds: bench.seconds, besideHanging: false))
        }
        let connections = Double(provider.connections)
        for run in 1...bench.runs {
            bench.progress("messages while another provider hangs, run \(run) of \(bench.runs)")
            beside.append(try await enclave.rate(seconds: bench.seconds, besideHanging: true))
        }
        await enclave.end()
        for _ in 1...bench.runs {
            curl.append(
                try provider.curlRate(
                    messages: Int(Self.target * bench.seconds), connections: DeliveringEnclave.connections))
        }
        return [Self.finding(alone: alone, beside: beside, curl: curl, connections: connections)]
    }

    private static func finding(alone: [Double], beside: [Double], curl: [Double], connections: Double) -> Finding {
        let figures = [
            Figure(label: "enclave, one provider", unit: "messages/s", runs: alone),
            Figure(label: "enclave, another provider hangs", unit: "messages/s", runs: beside),
            Figure(label: "the curl command", unit: "messages/s", runs: curl),
        ]
        return Finding(
            name: name, title: "Messages to a local provider over TLS", figures: figures,
            checks: [
                Check(
                    label: "messages", value: figures[0].median, bound: .atLeast, target: target, unit: "messages/s"),
                Check(
                    label: "beside one that hangs", value: figures[1].median, bound: .atLeast, target: target,
                    unit: "messages/s"),
                Check(
                    label: "connections opened for them all", value: connections, bound: .atMost,
                    target: Double(DeliveringEnclave.connections), unit: ""),
            ])
    }
}
