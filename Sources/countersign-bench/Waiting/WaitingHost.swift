/// The whole host, as a server on which clients wait for permissions that people decide.
struct WaitingHost: WaitingServer {
    /// A way to wait.
    enum Kind: CaseIterable {
        case longPolls, webSockets

        var label: String {
            switch self {
            case .longPolls: "long polls"
            case .webSockets: "WebSockets"
            }
        }

        func start(_ bench: Bench) throws(BenchmarkError) -> any WaitingServer { try WaitingHost(self, bench) }
    }

    /// Agents with one permission each: nobody may hold more than a tenth of the places.
    private static let agents = 20

    let process: ServerProcess
    let requests: [String]
    let news = #""status":"approved""#
    private let operatorKey: String
    private let permissions: [String]

    private init(_ kind: Kind, _ bench: Bench) throws(BenchmarkError) {
        let installation = try Installation(programs: bench.programs, folder: bench.folder)
        operatorKey = installation.operatorKey
        process = try installation.serve(in: bench.folder)
        do throws(BenchmarkError) {
            let agents = try AgentClient.make(Self.agents, port: process.port, operatorKey: operatorKey)
            let permissions = try agents.map { agent throws(BenchmarkError) in try agent.pending() }
            self.permissions = permissions
            requests = zip(agents, permissions).map { agent, permission in
                switch kind {
                case .longPolls: WaitingRequest.get("/api/v1/permissions/\(permission)?wait=30", key: agent.key)
                case .webSockets: WaitingRequest.webSocket("/ws/\(permission)", key: agent.key)
                }
            }
        } catch {
            process.end()
            throw error
        }
    }

    func listeners() throws(BenchmarkError) -> Int {
        var request = PreparedRequests()
        request.get("/metrics", key: operatorKey)
        var text = ""
        _ = try LoadGenerator(port: process.port, connections: 1).run(request, .once, seconds: 30) { _, _, body in
            text = String(decoding: body, as: UTF8.self)
        }.requiring(200, in: "metrics")
        let line = text.split(separator: "\n").first { $0.hasPrefix("countersign_permission_waiting ") }
        guard let count = line?.split(separator: " ").last.flatMap({ Int($0) }) else {
            throw BenchmarkError("/metrics does not say how many wait")
        }
        return count
    }

    func tell() throws(BenchmarkError) {
        var requests = PreparedRequests()
        for permission in permissions {
            requests.post("/api/v1/permissions/\(permission)/decide", json: #"{"approved":true}"#, key: operatorKey)
        }
        _ = try LoadGenerator(port: process.port, connections: 1).run(requests, .once, seconds: 30)
            .requiring(200, in: "decide")
    }
}
