import HTTPServer
import Synchronization
import Testing

@Suite("A long poll")
struct LongPollTests {
    /// Waits for the first element of a feed, or half a minute, and then answers how often it has answered.
    private static func router(
        _ feed: Feed<String>, limit: Duration = .seconds(30), answers: Counter = Counter()
    ) throws -> Router {
        var router = try plainRouter()
        try router.on(.GET, "/poll") { request in
            var response = Response.later(
                after: feed.sequence(), atMost: limit
            ) {
                guard !Task.isCancelled else { throw Unexpected() }
                answers.add()
                return Response(status: .ok, headers: ["X-Own": "answer"], body: .bytes(Array("answered".utf8)))
            }
            response.headers = ["X-Handler": "over", "X-Own": "handler"]
            return response
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

    @Test("is answered when something happens or nothing more can, and not before", arguments: [true, false])
    func happens(isElement: Bool) async throws {
        let (feed, answers) = (Feed<String>(), Counter())
        try await withServer(Self.router(feed, answers: answers)) { server, address in
            async let answer = Self.poll(address)
            try await untilTrue { server.waitingClients == 1 }
            #expect(answers.count == 0)
            if isElement { feed.tell("news") } else { feed.finish() }
            #expect(try await answer.text == "answered")
            #expect(server.waitingClients == 0)
        }
    }

    @Test("is answered when its time is over")
    func limit() async throws {
        let feed = Feed<String>()
        try await withServer(Self.router(feed, limit: .milliseconds(1))) { server, address in
            #expect(try await Self.poll(address).text == "answered")
            #expect(server.waitingClients == 0)
            try await untilTrue { feed.ended == 1 }
        }
    }

    @Test("has the handler's fields and its own, and its own where both set one")
    func fields() async throws {
        try await withServer(Self.router(Feed(), limit: .milliseconds(1))) { _, address in
            let answer = try await Self.poll(address)
            #expect(answer["x-handler"] == "over")
            #expect(answer.fields.filter { $0.name == "x-own" }.map(\.value) == ["answer"])
        }
    }

    @Test("keeps nothing of the handler, which is over before the wait")
    func handlerIsOver() async throws {
        let (feed, over) = (Feed<String>(), Counter())
        var router = Router()
        try router.on(.GET, "/poll") { _ in
            defer { over.add() }
            return .later(after: feed.sequence(), atMost: .seconds(30)) { Response(status: .ok) }
        }
        try await withServer(router) { server, address in
            async let answer = Self.poll(address)
            try await untilTrue { server.waitingClients == 1 }
            #expect(over.count == 1)
            feed.tell("news")
            #expect(try await answer.status == 200)
        }
    }

    @Test("is not made for a client that is gone, and is for one that only sends no more", arguments: [false, true])
    func clientLeaves(isGone: Bool) async throws {
        let (feed, answers) = (Feed<String>(), Counter())
        try await withServer(Self.router(feed, answers: answers)) { server, address in
            let client = UncheckedClients([try Client(address)])
            try client.clients[0].send(Self.request)
            try await untilTrue { server.waitingClients == 1 }
            if isGone { client.clients[0].vanish() } else { client.clients[0].finishSending() }
            if !isGone { #expect(try await onThread { try client.clients[0].readAnswer().text } == "answered") }
            try await untilTrue { feed.ended == 1 && server.waitingClients == 0 && server.openConnections == 0 }
            #expect(answers.count == (isGone ? 0 : 1))
        }
    }

    @Test("is answered when the server shuts down, which then cuts nobody")
    func shutdown() async throws {
        let server = Server(router: try Self.router(Feed()), logger: .silent)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        async let answer = Self.poll(address)
        try await untilTrue { server.waitingClients == 1 }
        #expect(await server.shutdown(within: .seconds(20)) == 0)
        #expect(try await answer.text == "answered")
        #expect(try await answer["connection"] == "close")
    }

    @Test("holds up what follows on its connection, which is then answered in order")
    func pipelined() async throws {
        let feed = Feed<String>()
        try await withServer(Self.router(feed)) { server, address in
            async let answers = withClient(address) { client in
                try client.send(Self.request + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                let first = try client.readAnswer()
                return [first, try client.readAnswer()]
            }
            try await untilTrue { server.waitingClients == 1 }
            feed.tell("news")
            #expect(try await answers.map(\.text) == ["answered", "hello"])
        }
    }

    @Test("fails as a handler does", arguments: [(RefusalReason.body(.empty), 400), (.internalError, 500)])
    func failure(reason: RefusalReason, status: Int) async throws {
        var router = Router()
        try router.on(.GET, "/poll") { _ in
            .later(after: Failing(element: "news"), atMost: .seconds(30)) {
                if case .body(let error) = reason { throw error }
                throw Unexpected()
            }
        }
        try router.on(.GET, "/broken") { _ in
            .later(after: Failing<String>(), atMost: .seconds(30)) { Response(status: .ok) }
        }
        try await withServer(router) { server, address in
            #expect(try await Self.poll(address).status == status)
            let broken = try await withClient(address) { client in
                try client.send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n")
                return try client.readAnswer()
            }
            #expect(broken.status == 500)
            #expect(server.waitingClients == 0)
        }
    }

    @Test("leaves nothing behind when a thousand clients do")
    func thousands() async throws {
        let (feed, answers) = (Feed<String>(), Counter())
        try await withServer(Self.router(feed, answers: answers)) { server, address in
            let clients = try await onThread {
                UncheckedClients(
                    try (0..<1000).map { _ in
                        let client = try Client(address)
                        try client.send(Self.request)
                        return client
                    })
            }
            try await untilTrue { server.waitingClients == 1000 }
            for client in clients.clients { client.vanish() }
            try await untilTrue { server.openConnections == 0 && server.waitingClients == 0 && feed.ended == 1000 }
            #expect(answers.count == 0)
        }
    }
}
