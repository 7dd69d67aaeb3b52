import Encodings
import JOSE

/// An agent of the Agent OTP dialect whose requests a policy approves at once.
struct AgentClient {
    let port: UInt16
    let isSecure: Bool
    let key: String

    /// A permission that was given.
    struct Grant {
        let identifier: String
        let token: String
    }

    /// Makes an agent and a policy that approves what it asks for, with an operator's key.
    init(port: UInt16, isSecure: Bool = false, operatorKey: String) throws(BenchmarkError) {
        var requests = PreparedRequests()
        requests.post(
            "/api/v1/policies",
            json: """
                {"name":"Benchmark","action":"auto_approve","conditions":{"action":{"equals":"file.read"}}}
                """, key: operatorKey)
        _ = try LoadGenerator(port: port, connections: 1, isSecure: isSecure).run(requests, .once, seconds: 10)
            .requiring(201, in: "policy")
        self = try Self.make(1, port: port, isSecure: isSecure, operatorKey: operatorKey)[0]
    }

    private init(port: UInt16, isSecure: Bool, key: String) {
        self.port = port
        self.isSecure = isSecure
        self.key = key
    }

    /// Makes agents whose requests people decide, unless there is a policy.
    static func make(
        _ count: Int, port: UInt16, isSecure: Bool = false, operatorKey: String
    ) throws(BenchmarkError) -> [AgentClient] {
        var requests = PreparedRequests()
        for _ in 0..<count {
            requests.post("/api/v1/agents", json: #"{"name":"Benchmark","rateLimit":1000000}"#, key: operatorKey)
        }
        var agents: [AgentClient] = []
        _ = try LoadGenerator(port: port, connections: 1, isSecure: isSecure).run(requests, .once, seconds: 10) {
            _, _, body in
            if let key = data(Array(body))?["apiKey"]?.text {
                agents.append(AgentClient(port: port, isSecure: isSecure, key: key))
            }
        }.requiring(201, in: "agents")
        guard agents.count == count else { throw BenchmarkError("no agent's key was answered") }
        return agents
    }

    /// Asks for a permission that waits for people, and returns its identifier.
    func pending() throws(BenchmarkError) -> String {
        var requests = PreparedRequests()
        requests.post("/api/v1/permissions/request", json: #"{"action":"mail.send"}"#, key: key)
        var identifier: String?
        _ = try LoadGenerator(port: port, connections: 1, isSecure: isSecure).run(requests, .once, seconds: 10) {
            _, _, body in
            identifier = Self.data(Array(body))?["id"]?.text
        }.requiring(202, in: "permission request")
        guard let identifier else { throw BenchmarkError("no permission was answered") }
        return identifier
    }

    /// Asks for as many permissions as `seconds` allow, `count` at most.
    func request(_ count: Int, seconds: Double) throws(BenchmarkError) -> (result: LoadResult, grants: [Grant]) {
        var requests = PreparedRequests()
        for number in 0..<count {
            requests.post(
                "/api/v1/permissions/request",
                json: """
                    {"action":"file.read","resource":"/reports/\(number).txt","scope":{"max_size":1000000},\
                    "context":{"reason":"benchmark"},"ttl":600}
                    """, key: key)
        }
        var bodies: [[UInt8]] = []
        let result = try LoadGenerator(port: port, isSecure: isSecure).run(requests, .once, seconds: seconds) {
            _, _, body in
            bodies.append(Array(body))
        }
        return (try result.requiring(201, in: "permission request"), bodies.compactMap(Self.grant))
    }

    /// Uses each of the tokens, once.
    func use(_ grants: [Grant], seconds: Double) throws(BenchmarkError) -> LoadResult {
        var requests = PreparedRequests()
        for grant in grants {
            requests.post(
                "/api/v1/permissions/\(grant.identifier)/use",
                json: #"{"token":"\#(grant.token)","actionDetails":{"size":1000}}"#, key: key)
        }
        return try LoadGenerator(port: port, isSecure: isSecure).run(requests, .once, seconds: seconds).requiring(
            200, in: "use")
    }

    private static func grant(_ body: [UInt8]) -> Grant? {
        guard let data = data(body), let identifier = data["id"]?.text, let token = data["token"]?.text else {
            return nil
        }
        return Grant(identifier: identifier, token: token)
    }

    private static func data(_ body: [UInt8]) -> JSONValue? { (try? JSONValue(parsing: body))?["data"] }
}
