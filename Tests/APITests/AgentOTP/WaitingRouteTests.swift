@testable import API
import Fixtures
import Foundation
import HTTPServer
import JOSE
import Logging
import Permissions
import Testing
import Workspaces

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite("Agent OTP: waiting, over real connections")
struct WaitingRouteTests {
    @Test("an agent that waits gets the token once people approve, with its rate, and holds no place afterwards")
    func approved() async throws {
        try await Stage.run { stage in
            let agent = try await stage.agent()
            let id = try await stage.pending(agent)
            async let answer = stage.poll(id, agent)
            try await stage.waiting(1)
            try await stage.decide(id, true)
            let found = try await answer
            #expect(found.status == 200)
            #expect(found.json?["data"]?["status"]?.text == "approved")
            #expect(found.json?["data"]?["token"]?.text?.hasPrefix("otp_") == true)
            #expect(found.fields["x-ratelimit-limit"] != nil)
            try await stage.waiting(0)
        }
    }

    @Test("one that gave up before the decision did not take the token")
    func gaveUp() async throws {
        try await Stage.run { stage in
            let agent = try await stage.agent()
            let id = try await stage.pending(agent)
            let poll = Task { try await stage.poll(id, agent) }
            try await stage.waiting(1)
            poll.cancel()
            try await stage.waiting(0)
            try await stage.decide(id, true)
            #expect(try await stage.poll(id, agent).json?["data"]?["token"]?.text != nil)
        }
    }

    @Test("an agent that was stopped while it waited is told so, in the dialect's form")
    func stopped() async throws {
        try await Stage.run { stage in
            let agent = try await stage.agent()
            let id = try await stage.pending(agent)
            async let answer = stage.poll(id, agent)
            try await stage.waiting(1)
            try await stage.server.permissions.agents.stopAll(workspace: stage.server.workspace.id, origin: .system)
            #expect(try await answer.json?["data"]?["status"]?.text == "revoked")
        }
    }

    @Test("an agent holds a tenth of the places with all that it asked for, and another agent waits beside it")
    func share() async throws {
        try await Stage.run(waiting: 20) { stage in
            let (agent, other) = (try await stage.agent(), try await stage.agent())
            let ids = [try await stage.pending(agent), try await stage.pending(agent, "second")]
            async let first = stage.poll(ids[0], agent)
            async let second = stage.poll(ids[1], agent)
            try await stage.waiting(2)
            let refused = try await stage.poll(ids[0], agent)
            #expect(refused.status == 429)
            #expect(refused.json?["error"]?["code"]?.text == "TOO_MANY_WAITING")
            #expect(refused.fields["retry-after"] == "5")
            #expect(refused.fields["x-ratelimit-limit"] != nil)
            let theirs = try await stage.pending(other)
            async let third = stage.poll(theirs, other)
            try await stage.waiting(3)
            for id in ids + [theirs] { try await stage.decide(id, false) }
            let found = try await [first, second, third]
            #expect(found.map { $0.json?["data"]?["status"]?.text } == ["denied", "denied", "denied"])
        }
    }

    @Test("where all places are taken a long poll is refused with 503 and not answered at once, but what is decided is")
    func full() async throws {
        try await Stage.run(waiting: 1) { stage in
            let (agent, other) = (try await stage.agent(), try await stage.agent())
            let (id, theirs) = (try await stage.pending(agent), try await stage.pending(other))
            async let answer = stage.poll(id, agent)
            try await stage.waiting(1)
            let refused = try await stage.poll(theirs, other)
            #expect(refused.status == 503)
            #expect(refused.json?["error"]?["code"]?.text == "UNAVAILABLE")
            #expect(refused.fields["retry-after"] == "5")
            try await stage.decide(theirs, false)
            #expect(try await stage.poll(theirs, other).json?["data"]?["status"]?.text == "denied")
            try await stage.decide(id, false)
            #expect(try await answer.status == 200)
        }
    }

    @Test("what the server itself refuses below /ws/ has the dialect's form")
    func form() async throws {
        let answer = try await TestServer().call(.GET, "/ws/perm_1/more")
        #expect(answer.status == 404)
        #expect(answer.json?["error"]?["code"]?.text == "NOT_FOUND")
    }

    @Test(
        "who waits without a key waits under the name of its network, and under none on this machine",
        arguments: [
            ("192.0.2.7", ["network:192.0.2.0/24"]), ("2001:db8::7", ["network:2001:db8::/64"]), ("127.0.0.1", []),
            ("::1", []), ("::ffff:127.0.0.1", []),
        ])
    func network(address: String, names: [String]) {
        #expect(Peer.address(ip: address, port: 1).waitingNames == names)
        #expect(Peer.local(user: 0).waitingNames == [])
    }
}

/// A server on a free port, and who talks to it.
private struct Stage: Sendable {
    let server: TestServer
    private let http: Server
    private let port: Int
    private let session: URLSession

    struct Answer: Sendable {
        let status: Int
        /// The names in lower case.
        let fields: [String: String]
        let json: JSONValue?
    }

    static func run(waiting: Int = 1000, _ body: @Sendable (Stage) async throws -> Void) async throws {
        let server = try await TestServer()
        var configuration = ServerConfiguration()
        configuration.maximumWaiting = waiting
        let http = Server(
            router: try Application.router(server.rooms), configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        guard case .tcp(_, let port) = try await http.start(on: .tcp(host: "127.0.0.1", port: 0)) else { return }
        let settings = URLSessionConfiguration.ephemeral
        settings.httpMaximumConnectionsPerHost = 32
        let stage = Stage(server: server, http: http, port: Int(port), session: URLSession(configuration: settings))
        do { try await body(stage) } catch {
            Issue.record(error)
        }
        stage.session.invalidateAndCancel()
        await http.shutdown(within: .zero)
    }

    /// A fresh agent's key.
    func agent() async throws -> String {
        try await server.permissions.agents.create(
            AgentProfile(name: "Robot"), workspace: server.workspace.id, mode: .live, origin: .system
        ).key.secret.text
    }

    /// A request of the agent's that people decide. A second one for the same thing is the first one again.
    func pending(_ agent: String, _ resource: String = "first") async throws -> String {
        let body = #"{"action":"mail.send","resource":"\#(resource)"}"#
        let answer = try await call("POST", "permissions/request", agent, body)
        return try #require(answer.json?["data"]?["id"]?.text)
    }

    func poll(_ id: String, _ key: String) async throws -> Answer {
        try await call("GET", "permissions/\(id)?wait=30", key)
    }

    func decide(_ id: String, _ approved: Bool) async throws {
        let body = #"{"approved":\#(approved)}"#
        #expect(try await call("POST", "permissions/\(id)/decide", server.operatorKey, body).status == 200)
    }

    struct OthersWait: Error {
        let count: Int
    }

    /// Returns once so many wait. Throws `OthersWait` after longer than anybody does.
    func waiting(_ count: Int) async throws {
        let end = ContinuousClock.now + .seconds(40)
        while http.waitingClients != count {
            guard .now < end else { throw OthersWait(count: http.waitingClients) }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private func call(_ method: String, _ path: String, _ key: String, _ body: String? = nil) async throws -> Answer {
        var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)/api/v1/\(path)")))
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
        let (data, response) = try await session.data(for: request)
        let answer = try #require(response as? HTTPURLResponse)
        var fields: [String: String] = [:]
        for (name, value) in answer.allHeaderFields { fields["\(name)".lowercased()] = "\(value)" }
        return Answer(status: answer.statusCode, fields: fields, json: try? JSONValue(parsing: Array(data)))
    }
}
