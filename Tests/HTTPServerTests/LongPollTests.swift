import HTTPServer
import Synchronization
import Testing

@Suite("A long poll")
struct LongPollTests {
    /// Waits for the first element of a feed, or half a minute.
    private static func router(_ feed: Feed<String>, limit: Duration = .seconds(30)) throws -> Router {
        var router = try plainRouter()
        try router.on(.GET, "/poll") { request in
            let sequence = feed.sequence()
            let text = try await request.wait(atMost: limit) { await sequence.first { _ in true } }
            guard !Task.isCancelled else { throw Unexpected() }
            return Response(status: .ok, body: .bytes(Array((text ?? "nothing").utf8)))
        }
        return router
    }

    private static let request = "GET /poll HTTP/1.1\r\nHost: a\r\n\r\n"

    private static func poll(_ address: ListenerAddress) async throws -> Answer {
        try await withClient(address) { client in
            try client.send(request)
            return try client.readAnswer()
        }
    }

    @Test("is answered as soon as something happens")
    func happens() async throws {
        let feed = Feed<String>()
        try await withServer(Self.router(feed)) { server, address in
            async let answer = Self.poll(address)
            try await untilTrue { server.waitingClients == 1 }
            feed.tell("news")
            #expect(try await answer.text == "news")
            try await untilTrue { server.waitingClients == 0 }
        }
    }

    @Test("is answered when its time is over, and not before")
    func limit() async throws {
        try await withServer(Self.router(Feed(), limit: .milliseconds(300))) { server, address in
            let begin = ContinuousClock.now
            let answer = try await Self.poll(address)
            #expect(answer.text == "nothing")
            #expect(begin.duration(to: .now) >= .milliseconds(300))
            #expect(server.waitingClients == 0)
        }
    }

    @Test("ends when the client leaves", arguments: [false, true])
    func clientLeaves(isReset: Bool) async throws {
        let feed = Feed<String>()
        try await withServer(Self.router(feed)) { server, address in
            let client = UncheckedClients([try Client(address)])
            try client.clients[0].send(Self.request)
            try await untilTrue { server.waitingClients == 1 }
            if isReset { client.clients[0].reset() } else { client.clients[0].finishSending() }
            try await untilTrue { feed.ended == 1 && server.waitingClients == 0 }
            // A client that only closed its sending side still reads the answer.
            if !isReset { #expect(try await onThread { try client.clients[0].readAnswer().text } == "nothing") }
            try await untilTrue { server.openConnections == 0 || !isReset }
        }
    }

    @Test("is answered at once when the server shuts down, which does not take its half minute")
    func shutdown() async throws {
        let server = Server(router: try Self.router(Feed()), logger: .silent)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        async let answer = Self.poll(address)
        try await untilTrue { server.waitingClients == 1 }
        let begin = ContinuousClock.now
        #expect(await server.shutdown(within: .seconds(20)) == 0)
        #expect(begin.duration(to: .now) < .seconds(5))
        #expect(try await answer.text == "nothing")
        #expect(try await answer["connection"] == "close")
    }

    @Test("does not wait where as many wait as may")
    func places() async throws {
        let feed = Feed<String>()
        try await withServer(Self.router(feed), { $0.maximumWaiting = 1 }) { server, address in
            async let first = Self.poll(address)
            try await untilTrue { server.waitingClients == 1 }
            #expect(try await Self.poll(address).text == "nothing")
            feed.tell("news")
            #expect(try await first.text == "news")
        }
    }

    @Test("passes on the error of what it waits for")
    func failure() async throws {
        var router = Router()
        try router.on(.GET, "/poll") { request in
            let number = try await request.wait(atMost: .seconds(30)) { try request.parameter("none", as: Int.self) }
            return try .json(number)
        }
        try await withServer(router) { server, address in
            let answer = try await Self.poll(address)
            #expect(answer.status == 400)
            #expect(server.waitingClients == 0)
        }
    }

    @Test("can be waited for from a task that runs elsewhere")
    func otherTask() async throws {
        let feed = Feed<String>()
        var router = Router()
        try router.on(.GET, "/poll") { request in
            let text = try await Task.detached {
                let sequence = feed.sequence()
                return try await request.wait(atMost: .seconds(30)) { await sequence.first { _ in true } }
            }.value
            return Response(status: .ok, body: .bytes(Array((text ?? "nothing").utf8)))
        }
        try await withServer(router) { server, address in
            async let answer = Self.poll(address)
            try await untilTrue { server.waitingClients == 1 }
            feed.tell("news")
            #expect(try await answer.text == "news")
        }
    }

    @Test("ends in time without a socket too")
    func withoutSocket() async throws {
        let feed = Feed<String>()
        let router = try Self.router(feed, limit: .milliseconds(50))
        let response = await router.answer(Request(method: .GET, target: "/poll"))
        guard case .bytes(let body) = response.body else { throw Unexpected() }
        #expect(String(decoding: body, as: UTF8.self) == "nothing")
        #expect(feed.ended == 1)
    }

    @Test("leaves nothing behind when a thousand clients do")
    func thousands() async throws {
        let feed = Feed<String>()
        try await withServer(Self.router(feed)) { server, address in
            let clients = try await onThread {
                UncheckedClients(
                    try (0..<1000).map { _ in
                        let client = try Client(address)
                        try client.send(Self.request)
                        return client
                    })
            }
            try await untilTrue { server.waitingClients == 1000 }
            for client in clients.clients { client.reset() }
            try await untilTrue { server.openConnections == 0 && server.waitingClients == 0 && feed.ended == 1000 }
        }
    }
}
