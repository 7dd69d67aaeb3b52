import Glibc

/// Clients that wait: what each kind costs in memory, and how soon all of them hear the news.
struct WaitingScenario: Scenario {
    static let name = "waiting"
    /// Megabytes that the server may take with all who wait.
    private static let target = 200.0

    func measure(_ bench: Bench) throws(BenchmarkError) -> [Finding] {
        var figures: [Figure] = []
        var checks: [Check] = []
        for kind in WaitingKind.all {
            var memory: [Double] = []
            var times: [Double] = []
            try bench.repeated("\(bench.waiting) \(kind.label)") { _ throws(BenchmarkError) in
                let run = try Self.run(kind, bench)
                memory.append(run.megabytes)
                times.append(run.milliseconds)
            }
            let used = Figure(label: "\(kind.label): memory of the server", unit: "MB", runs: memory)
            figures += [used, Figure(label: "\(kind.label): until all are told", unit: "ms", runs: times)]
            checks.append(
                Check(label: kind.label, value: used.median, bound: .atMost, target: Self.target, unit: "MB"))
        }
        let title = "\(bench.waiting) clients that wait, at the HTTP layer"
        return [Finding(name: Self.name, title: title, figures: figures, checks: checks)]
    }

    private static func run(
        _ kind: WaitingKind, _ bench: Bench
    ) throws(BenchmarkError) -> (megabytes: Double, milliseconds: Double) {
        let output = bench.folder.path("serve-room.log")
        let server = try ServerProcess.start(bench.programs.benchmark, output: output) {
            ["serve-room", "--port", "\($0)", "--waiting", "\(bench.waiting)"]
        }
        defer { server.end() }
        let clients = try WaitingClients(bench.waiting, port: server.port, request: kind.request)
        defer { clients.close() }
        try awaitListeners(bench.waiting, server)
        guard let kibibytes = server.process.residentKibibytes else { throw BenchmarkError("the server has ended") }
        let start = MonotonicClock.now
        _ = try ask("/news", server)
        try clients.awaitAll("news")
        return (Double(kibibytes) * 1024 / 1e6, MonotonicClock.seconds(since: start) * 1000)
    }

    private static func awaitListeners(_ count: Int, _ server: ServerProcess) throws(BenchmarkError) {
        let start = MonotonicClock.now
        while true {
            let listeners = try ask("/listeners", server)
            if listeners == count { return }
            guard MonotonicClock.seconds(since: start) < 30 else {
                throw BenchmarkError("\(listeners) of \(count) clients wait")
            }
            usleep(10_000)
        }
    }

    /// The number that the server answers.
    private static func ask(_ path: String, _ server: ServerProcess) throws(BenchmarkError) -> Int {
        var request = PreparedRequests()
        request.post(path, json: "{}")
        var number: Int?
        let generator = LoadGenerator(port: server.port, connections: 1)
        _ = try generator.run(request, .once, seconds: 30) { _, _, body in
            number = Int(String(decoding: body, as: UTF8.self))
        }.requiring(200, in: path)
        guard let number else { throw BenchmarkError("\(path) answers no number") }
        return number
    }
}

/// A way to wait.
private struct WaitingKind {
    let label: String
    let request: String

    static let all = [
        WaitingKind(label: "long polls", request: get("/poll")),
        WaitingKind(label: "event streams", request: get("/events")),
        WaitingKind(
            label: "WebSockets",
            request: get(
                "/socket",
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")),
    ]

    private static func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ak_live_0123456789abcdefghijklmnop\r\n"
            + "User-Agent: countersign-bench\r\nAccept: */*\r\n\(fields)\r\n"
    }
}
