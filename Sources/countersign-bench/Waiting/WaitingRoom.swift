/// The HTTP layer alone, as a server on which clients wait.
struct WaitingRoom: WaitingServer {
    /// A way to wait.
    enum Kind: CaseIterable {
        case longPolls, eventStreams, webSockets

        var label: String {
            switch self {
            case .longPolls: "long polls"
            case .eventStreams: "event streams"
            case .webSockets: "WebSockets"
            }
        }

        fileprivate var request: String {
            let key = "ak_live_0123456789abcdefghijklmnop"
            return switch self {
            case .longPolls: WaitingRequest.get("/poll", key: key)
            case .eventStreams: WaitingRequest.get("/events", key: key)
            case .webSockets: WaitingRequest.webSocket("/socket", key: key)
            }
        }

        func start(_ bench: Bench) throws(BenchmarkError) -> any WaitingServer { try WaitingRoom(self, bench) }
    }

    let process: ServerProcess
    let requests: [String]
    let news = "news"

    private init(_ kind: Kind, _ bench: Bench) throws(BenchmarkError) {
        requests = [kind.request]
        process = try ServerProcess.start(bench.programs.benchmark, output: bench.folder.path("serve-room.log")) {
            ["serve-room", "--port", "\($0)", "--waiting", "\(bench.waiting)"]
        }
    }

    func listeners() throws(BenchmarkError) -> Int { try ask("/listeners") }

    func tell() throws(BenchmarkError) { _ = try ask("/news") }

    /// The number that the server answers.
    private func ask(_ path: String) throws(BenchmarkError) -> Int {
        var request = PreparedRequests()
        request.post(path, json: "{}")
        var number: Int?
        let generator = LoadGenerator(port: process.port, connections: 1)
        _ = try generator.run(request, .once, seconds: 30) { _, _, body in
            number = Int(String(decoding: body, as: UTF8.self))
        }.requiring(200, in: path)
        guard let number else { throw BenchmarkError("\(path) answers no number") }
        return number
    }
}
