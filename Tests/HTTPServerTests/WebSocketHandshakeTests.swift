import HTTPServer
import Testing

@Suite("A request for a WebSocket")
struct WebSocketHandshakeTests {
    private static func router(_ feed: Feed<String>) throws -> Router {
        var router = try plainRouter()
        try router.on(.GET, "/socket") { request in
            guard request.headers["authorization"] == nil else { return Response(status: .unauthorized) }
            return .webSocket(feed.sequence())
        }
        return router
    }

    /// The answer to a request; one that is refused takes no place.
    private static func answer(
        to request: String, _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws -> Answer {
        try await withServer(router(Feed()), change) { server, address in
            let answer = try await withClient(address) { client in
                try client.send(request)
                return try client.readAnswer()
            }
            #expect(answer.status == 101 || server.waitingClients == 0)
            return answer
        }
    }

    @Test("is answered as RFC 6455 has it, with the fields of every answer")
    func example() async throws {
        let answer = try await Self.answer(to: Client.webSocketRequest())
        #expect(answer.status == 101)
        #expect(answer["sec-websocket-accept"] == Client.webSocketAccept)
        #expect(answer.values("upgrade") == ["websocket"])
        #expect(answer.values("connection") == ["Upgrade"])
        #expect(answer["x-request-id"]?.count == 32)
        #expect(answer["sec-websocket-protocol"] == nil)
        #expect(answer["sec-websocket-extensions"] == nil)
        #expect(answer["content-length"] == nil)
    }

    @Test(
        "is accepted however its fields are spelt, and whatever else it offers",
        arguments: [
            ("Upgrade: websocket", "UPGRADE: WebSocket"), ("Connection: Upgrade", "connection: keep-alive ,\tUPGRADE "),
            ("Upgrade: websocket", "Upgrade: h2c, websocket"),
            ("Host: a", "Host: a\r\nSec-WebSocket-Protocol: chat\r\nSec-WebSocket-Extensions: permessage-deflate"),
        ])
    func spelling(_ change: (String, String)) async throws {
        let answer = try await Self.answer(to: Client.webSocketRequest().replacing(change.0, with: change.1))
        #expect(answer.status == 101)
        #expect(answer["sec-websocket-protocol"] == nil)
        #expect(answer["sec-websocket-extensions"] == nil)
    }

    @Test(
        "that asks for no WebSocket of version 13 is told what the path is",
        arguments: [
            ("Upgrade: websocket\r\n", ""), ("Upgrade: websocket", "Upgrade: h2c"),
            ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8"), ("Sec-WebSocket-Version: 13\r\n", ""),
            ("HTTP/1.1", "HTTP/1.0"),
        ])
    func upgradeRequired(_ change: (String, String)) async throws {
        let answer = try await Self.answer(to: Client.webSocketRequest().replacing(change.0, with: change.1))
        #expect(answer.status == 426)
        #expect(answer["upgrade"] == "websocket")
        #expect(answer["connection"] == "Upgrade, close")
        #expect(answer["sec-websocket-version"] == "13")
        #expect(answer["content-type"] == "application/problem+json")
    }

    @Test(
        "without one valid key, or without its token in Connection, is malformed",
        arguments: [
            ("Sec-WebSocket-Key: \(Client.webSocketKey)\r\n", ""), (Client.webSocketKey, "dGhlIHNhbXBsZQ=="),
            (Client.webSocketKey, "***"), (Client.webSocketKey, "\(Client.webSocketKey)\r\nSec-WebSocket-Key: x"),
            ("Connection: Upgrade", "Connection: keep-alive"),
        ])
    func malformed(_ change: (String, String)) async throws {
        let answer = try await Self.answer(to: Client.webSocketRequest().replacing(change.0, with: change.1))
        #expect(answer.status == 400)
        #expect(answer["connection"] == "close")
    }

    @Test("that is followed by frames before it is answered is malformed: no such frame is ever read")
    func earlyFrames() async throws {
        let request = Client.webSocketRequest()
        #expect(try await Self.answer(to: request + "\u{1}\u{2}").status == 400)
        #expect(try await Self.answer(to: request + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status == 400)
    }

    @Test("that the route refuses, or that has no route, gets an ordinary answer")
    func refused() async throws {
        let unauthorized = Client.webSocketRequest().replacing("Host: a", with: "Host: a\r\nAuthorization: x")
        #expect(try await Self.answer(to: unauthorized).status == 401)
        #expect(try await Self.answer(to: Client.webSocketRequest("/none")).status == 404)
        let post = Client.webSocketRequest().replacing("GET", with: "POST")
        #expect(try await Self.answer(to: post).status == 405)
        let head = try await withServer(Self.router(Feed())) { _, address in
            try await withClient(address) { client in
                try client.send(Client.webSocketRequest().replacing("GET", with: "HEAD"))
                return try client.readAnswer(hasBody: false)
            }
        }
        #expect(head.status == 426)
    }

    @Test("after other requests on the same connection is served, each answer in its turn")
    func laterRequest() async throws {
        let feed = Feed<String>()
        try await withServer(Self.router(feed)) { _, address in
            async let text = withClient(address) { client in
                try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                try #require(try client.readAnswer().text == "hello")
                try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n" + Client.webSocketRequest())
                try #require(try client.readAnswer().text == "hello")
                try #require(try client.readAnswer().status == 101)
                return try client.readFrame().text
            }
            try await untilTrue { feed.open == 1 }
            feed.tell("hello")
            #expect(try await text == "hello")
        }
    }

    @Test("half of which never comes is answered 408")
    func half() async throws {
        let half = String(Client.webSocketRequest().dropLast(30))
        let answer = try await Self.answer(to: half) { $0.requestDeadline = .milliseconds(200) }
        #expect(answer.status == 408)
    }

    @Test("beyond the places for those who wait is refused with 503")
    func places() async throws {
        try await withServer(Self.router(Feed()), { $0.maximumWaiting = 1 }) { server, address in
            let first = try Client(address)
            try first.openWebSocket()
            let answer = try await withClient(address) { client in
                try client.send(Client.webSocketRequest())
                return try client.readAnswer()
            }
            #expect(answer.status == 503)
            #expect(answer["retry-after"] != nil)
            first.reset()
            try await untilTrue { server.waitingClients == 0 }
            try Client(address).openWebSocket()
        }
    }
}
