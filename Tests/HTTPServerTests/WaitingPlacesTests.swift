import HTTPServer
import Testing

@Suite("The places of those who wait")
struct WaitingPlacesTests {
    /// The ways to wait, each under the names that the query gives.
    private static func router(_ feed: Feed<String>) throws -> Router {
        var router = try plainRouter()
        @Sendable func names(_ request: Request) -> [String] { request.query.values("by") }
        try router.on(.GET, "/poll") { request in
            .later(after: feed.sequence(), atMost: .seconds(30), by: names(request)) { Response(status: .ok) }
        }
        try router.on(.GET, "/events") { request in
            .events(feed.sequence().map { ServerSentEvent(data: $0) }, by: names(request))
        }
        try router.on(.GET, "/socket") { request in .webSocket(feed.sequence(), by: names(request)) }
        return router
    }

    private static func request(_ path: String, _ names: [String]) -> String {
        let query = names.map { "by=\($0)" }.joined(separator: "&")
        let target = "\(path)?\(query)"
        return path == "/socket"
            ? Client.webSocketRequest(target) : "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n"
    }

    /// A client that waits, once the server has it among those who do.
    private static func waiting(
        _ path: String, _ names: [String], _ server: Server, _ address: ListenerAddress
    ) async throws -> Client {
        let before = server.waitingClients
        let client = try Client(address)
        try client.send(request(path, names))
        try await untilTrue { server.waitingClients == before + 1 }
        return client
    }

    private static func refusal(
        _ path: String, _ names: [String], _ address: ListenerAddress
    ) async throws -> Answer {
        try await withClient(address) { client in
            try client.send(request(path, names))
            return try client.readAnswer()
        }
    }

    @Test(
        "one name holds a tenth of them, the next is refused with 429, and others wait all the same",
        arguments: ["/poll", "/events", "/socket"])
    func share(path: String) async throws {
        try await withServer(Self.router(Feed()), { $0.maximumWaiting = 20 }) { server, address in
            var own = [try await Self.waiting(path, ["ann"], server, address)]
            own.append(try await Self.waiting("/poll", ["ann", "house"], server, address))
            for names in [["ann"], ["bob", "ann"]] {
                let answer = try await Self.refusal(path, names, address)
                #expect(answer.status == 429)
                #expect(answer["retry-after"].flatMap { Int($0) } ?? 0 > 0)
            }
            #expect(server.waitingClients == 2, "a refused client holds nothing")
            own.append(try await Self.waiting(path, ["bob", "house"], server, address))
            #expect(try await Self.refusal(path, ["house"], address).status == 429)
            own.append(try await Self.waiting(path, [], server, address))
            #expect(server.waitingClients == 4)
            withExtendedLifetime(own) {}
        }
    }

    @Test("who leaves makes room for the same name", arguments: ["/poll", "/events", "/socket"])
    func leaving(path: String) async throws {
        try await withServer(Self.router(Feed()), { $0.maximumWaiting = 10 }) { server, address in
            for _ in 0..<3 {
                let client = try await Self.waiting(path, ["ann"], server, address)
                #expect(try await Self.refusal(path, ["ann"], address).status == 429)
                client.reset()
                try await untilTrue { server.waitingClients == 0 }
            }
        }
    }

    @Test(
        "one name holds one, however few there are, and beyond all of them it is 503", arguments: ["/poll", "/socket"])
    func few(path: String) async throws {
        let feed = Feed<String>()
        try await withServer(Self.router(feed), { $0.maximumWaiting = 2 }) { server, address in
            let clients = [
                try await Self.waiting(path, ["ann"], server, address),
                try await Self.waiting(path, ["bob"], server, address),
            ]
            let answer = try await Self.refusal(path, ["cleo"], address)
            #expect(answer.status == 503)
            #expect(answer["retry-after"].flatMap { Int($0) } ?? 0 > 0)
            feed.finish()
            try await untilTrue { server.waitingClients == 0 || path == "/socket" }
            withExtendedLifetime(clients) {}
        }
    }

    @Test("a refusal has the form of the path's dialect")
    func form() async throws {
        var router = try Self.router(Feed())
        router.failure = { reason, request in
            Response(status: reason.status, body: .bytes(Array((request.path ?? "none").utf8)))
        }
        try await withServer(router, { $0.maximumWaiting = 1 }) { server, address in
            let client = try await Self.waiting("/poll", [], server, address)
            for path in ["/poll", "/events", "/socket"] {
                #expect(try await Self.refusal(path, [], address).text == path)
            }
            withExtendedLifetime(client) {}
        }
    }

    @Test("an answer that waits twice holds one place at a time")
    func again() async throws {
        let feed = Feed<String>()
        var router = Router()
        try router.on(.GET, "/poll") { _ in
            .later(after: feed.sequence(), atMost: .seconds(30), by: ["ann"]) {
                .later(after: feed.sequence(), atMost: .seconds(30), by: ["ann"]) { Response(status: .noContent) }
            }
        }
        try await withServer(router, { $0.maximumWaiting = 1 }) { server, address in
            async let answer = Self.refusal("/poll", [], address)
            for wait in 0..<2 {
                try await untilTrue { feed.open == 1 && feed.ended == wait && server.waitingClients == 1 }
                feed.tell("news")
            }
            #expect(try await answer.status == 204)
        }
    }
}
