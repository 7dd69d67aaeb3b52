import HTTPServer
import Testing

@Suite("An event stream")
struct EventStreamTests {
    private static func router(
        _ feed: Feed<ServerSentEvent>, _ endless: Endless<ServerSentEvent>? = nil
    ) throws -> Router {
        var router = try plainRouter()
        try router.on(.GET, "/events") { _ in .events(feed.sequence()) }
        try router.on(.GET, "/fails") { _ in .events(Failing(element: ServerSentEvent(data: "half"))) }
        if let endless { try router.on(.GET, "/endless") { _ in .events(endless) } }
        return router
    }

    private static func request(_ path: String = "/events") -> String { "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n" }

    @Test("carries identifier, name and every line of the data, and the connection serves the next request")
    func events() async throws {
        let feed = Feed<ServerSentEvent>()
        try await withServer(Self.router(feed)) { _, address in
            async let answers = withClient(address) { client in
                try client.send(Self.request() + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                return try [client.readAnswer(), client.readAnswer()]
            }
            try await untilTrue { feed.open == 1 }
            feed.tell(ServerSentEvent(id: "7", event: "status", data: "one\ntwo\r\nthree\r\rfive"))
            feed.tell(ServerSentEvent(data: ""))
            feed.finish()
            let (events, next) = (try await answers[0], try await answers[1])
            let first = "id: 7\nevent: status\ndata: one\ndata: two\ndata: three\ndata: \ndata: five\n\n"
            #expect(events.text == first + "data: \n\n")
            #expect(events["content-type"] == "text/event-stream")
            #expect(events["cache-control"] == "no-store")
            #expect(next.text == "hello")
        }
    }

    @Test("takes no line end from an identifier or a name, which could forge another field")
    func forgedFields() async throws {
        let feed = Feed<ServerSentEvent>()
        try await withServer(Self.router(feed)) { _, address in
            async let answer = withClient(address) { client in
                try client.send(Self.request())
                return try client.readAnswer()
            }
            try await untilTrue { feed.open == 1 }
            feed.tell(ServerSentEvent(id: "1\r\n\ndata: x", event: "a\rdata: y\0", data: "z"))
            feed.finish()
            #expect(try await answer.text == "id: 1data: x\nevent: adata: y\ndata: z\n\n")
        }
    }

    @Test("reaches the client as it begins, and each event as it happens")
    func atOnce() async throws {
        let feed = Feed<ServerSentEvent>()
        try await withServer(Self.router(feed)) { _, address in
            let client = UncheckedClients([try Client(address)])
            try client.clients[0].send(Self.request())
            let head = try await onThread { String(decoding: try client.clients[0].readSome(), as: UTF8.self) }
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
            feed.tell(ServerSentEvent(data: "now"))
            let event = try await onThread { String(decoding: try client.clients[0].readSome(), as: UTF8.self) }
            #expect(event.contains("data: now\n\n"))
        }
    }

    @Test("shows with comments that it goes on while nothing happens, to a client of HTTP/1.0 too")
    func heartbeat() async throws {
        let feed = Feed<ServerSentEvent>()
        try await withServer(Self.router(feed), { $0.heartbeatInterval = .milliseconds(50) }) { _, address in
            let heads = ["GET /events HTTP/1.1\r\nHost: a\r\n\r\n", "GET /events HTTP/1.0\r\n\r\n"]
            for (head, comment) in zip(heads, ["3\r\n:\n\n\r\n", ":\n\n"]) {
                let text = try await withClient(address) { client in
                    try client.send(head)
                    var text = ""
                    while !text.hasSuffix(comment + comment) {
                        let some = try client.readSome()
                        guard !some.isEmpty else { throw Unexpected() }
                        text += String(decoding: some, as: UTF8.self)
                    }
                    return text
                }
                #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            }
        }
    }

    @Test("takes events no faster than the client reads, and is cut where it takes none for too long")
    func backPressure() async throws {
        let taken = Counter()
        let event = ServerSentEvent(data: String(repeating: "x", count: 16 * 1024))
        let router = try Self.router(Feed(), Endless(element: event, taken: taken))
        try await withServer(router, { $0.answerDeadline = .milliseconds(300) }) { server, address in
            let client = try Client(address, receiveBuffer: 4096)
            try client.send(Self.request("/endless"))
            try await untilTrue { taken.count > 0 && server.openConnections == 0 }
            // What fits into the kernel's buffers and SwiftNIO's 64 KiB.
            #expect(taken.count < 1000)
            #expect(server.waitingClients == 0)
            withExtendedLifetime(client) {}
        }
    }

    @Test("ends its sequence when the client leaves, though nothing happens", arguments: [false, true])
    func clientLeaves(isReset: Bool) async throws {
        let feed = Feed<ServerSentEvent>()
        try await withServer(Self.router(feed)) { server, address in
            try await withClient(address) { client in
                try client.send(Self.request())
                _ = try client.readSome()
                if isReset { client.reset() }
            }
            try await untilTrue { feed.ended == 1 && server.openConnections == 0 && server.waitingClients == 0 }
        }
    }

    @Test("ends whole when the server shuts down, which then cuts nobody")
    func shutdown() async throws {
        let feed = Feed<ServerSentEvent>()
        let server = Server(router: try Self.router(feed), logger: .silent)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        async let answer = withClient(address) { client in
            try client.send(Self.request())
            let answer = try client.readAnswer()
            return (answer, try client.isClosed())
        }
        try await untilTrue { feed.open == 1 && server.waitingClients == 1 }
        #expect(await server.shutdown(within: .seconds(20)) == 0)
        let (events, isClosed) = try await answer
        #expect(events.status == 200)
        #expect(events["connection"] == nil)
        #expect(isClosed)
        #expect(feed.ended == 1)
    }

    @Test("whose sequence fails is cut off without its last chunk")
    func failure() async throws {
        try await withServer(Self.router(Feed())) { _, address in
            let all = try await withClient(address) { client in
                try client.send(Self.request("/fails"))
                return String(decoding: try client.readToEnd(), as: UTF8.self)
            }
            #expect(all.hasSuffix("c\r\ndata: half\n\n\r\n"))
        }
    }

    @Test("has no events for HEAD, and takes no place")
    func head() async throws {
        let feed = Feed<ServerSentEvent>()
        try await withServer(Self.router(feed)) { server, address in
            let answer = try await withClient(address) { client in
                try client.send("HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n")
                return try client.readAnswer(hasBody: false)
            }
            #expect(answer["content-type"] == "text/event-stream")
            #expect(server.waitingClients == 0)
            #expect(feed.ended == 1)
        }
    }

    @Test("beyond the places for those who wait is refused with 503, other requests are served, and places become free")
    func places() async throws {
        let feed = Feed<ServerSentEvent>()
        try await withServer(Self.router(feed), { $0.maximumWaiting = 2 }) { server, address in
            var waiting = try (0..<2).map { _ in try Client(address) }
            for client in waiting { try client.send(Self.request()) }
            try await untilTrue { server.waitingClients == 2 }
            let answers = try await withClient(address) { client in
                try client.send(Self.request() + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                return try [client.readAnswer(), client.readAnswer()]
            }
            #expect(answers.map(\.status) == [503, 200])
            #expect(answers[0]["retry-after"] != nil)
            waiting.removeLast()
            try await untilTrue { server.waitingClients == 1 }
            let client = try Client(address)
            try client.send(Self.request())
            try await untilTrue { server.waitingClients == 2 }
        }
    }

    @Test("leaves a sixth of the connections to others, whatever the settings")
    func room() async throws {
        let feed = Feed<ServerSentEvent>()
        try await withServer(Self.router(feed), { $0.maximumConnections = 6 }) { server, address in
            let waiting = try (0..<5).map { _ in try Client(address) }
            for client in waiting { try client.send(Self.request()) }
            try await untilTrue { server.waitingClients == 5 }
            let status = try await withClient(address) { client in
                try client.send(Self.request())
                return try client.readAnswer().status
            }
            #expect(status == 503)
            withExtendedLifetime(waiting) {}
        }
    }
}
