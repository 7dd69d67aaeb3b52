/// The bare HTTP layer: a small JSON object decoded and answered, beside a plain SwiftNIO handler.
struct HTTPLayerScenario: Scenario {
    static let name = "http"

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        var room: [LoadResult] = []
        var plain: [LoadResult] = []
        try bench.repeated("HTTP layer") { _ throws(BenchmarkError) in
            room.append(try Self.load("serve-room", bench))
            plain.append(try Self.load("serve-plain", bench))
        }
        let figures = [
            Figure(label: "HTTP layer", unit: "/s", runs: room.map(\.rate)),
            Figure(label: "HTTP layer, p50", unit: "ms", runs: room.map { $0.milliseconds(at: 0.5) }),
            Figure(label: "HTTP layer, p99", unit: "ms", runs: room.map { $0.milliseconds(at: 0.99) }),
            Figure(label: "plain SwiftNIO handler", unit: "/s", runs: plain.map(\.rate)),
        ]
        // 35,000 a second where the plain handler does 42,000.
        let ratio = figures[0].median / figures[3].median
        let check = Check(label: "share of the plain handler", value: ratio, bound: .atLeast, target: 35 / 42, unit: "")
        return [
            Finding(
                name: Self.name, title: "HTTP layer: POST of a small JSON object, 64 connections", figures: figures,
                checks: [check])
        ]
    }

    /// The load on this program's own server `command`.
    static func load(_ command: String, _ bench: Bench) throws(BenchmarkError) -> LoadResult {
        let server = try ServerProcess.start(bench.programs.benchmark, output: bench.folder.path("\(command).log")) {
            [command, "--port", "\($0)"]
        }
        defer { server.end() }
        var requests = PreparedRequests()
        requests.post("/small", json: SmallRequest.json)
        let generator = LoadGenerator(port: server.port)
        _ = try generator.run(requests, .repeating, seconds: bench.seconds / 4)
        return try generator.run(requests, .repeating, seconds: bench.seconds).requiring(200, in: command)
    }
}
