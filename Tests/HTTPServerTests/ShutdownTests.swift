import HTTPServer
import Testing

@Suite("A server that shuts down")
struct ShutdownTests {
    private static func router(_ started: Counter, _ gate: Gate) throws -> Router {
        var router = try plainRouter()
        try router.on(.GET, "/slow") { _ in
            started.add()
            await gate.wait()
            return Response(status: .ok, body: .bytes(Array("finished".utf8)))
        }
        return router
    }

    @Test("finishes the request under way and closes, refuses new connections, and closes idle ones at once")
    func drain() async throws {
        let started = Counter()
        let gate = Gate()
        let server = Server(router: try Self.router(started, gate), logger: .silent)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        let idle = UncheckedClients([try Client(address)])
        try await onThread {
            try idle.clients[0].send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try idle.clients[0].readAnswer()
        }
        async let answer = withClient(address) { client in
            try client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            return (try client.readAnswer(), try client.isClosed())
        }
        try await untilTrue { started.count == 1 && server.openConnections == 2 }
        async let cut = server.shutdown(within: .seconds(10))
        #expect(try await onThread { try idle.clients[0].isClosed() })
        try await untilTrue { (try? Client(address)) == nil }
        await gate.open()
        let (finished, isClosed) = try await answer
        #expect(finished.text == "finished")
        #expect(finished["connection"] == "close")
        #expect(isClosed)
        #expect(await cut == 0)
        #expect(server.openConnections == 0)
    }

    @Test("answers the first request of who had just connected")
    func justConnected() async throws {
        var configuration = ServerConfiguration()
        configuration.firstRequestGrace = .seconds(20)
        let server = Server(router: try plainRouter(), configuration: configuration, logger: .silent)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        let clients = UncheckedClients([try Client(address)])
        try await untilTrue { server.openConnections == 1 }
        async let cut = server.shutdown(within: .seconds(10))
        try await untilTrue { (try? Client(address)) == nil }
        let answer = try await onThread {
            try clients.clients[0].send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            return try clients.clients[0].readAnswer()
        }
        #expect(answer.text == "hello")
        #expect(answer["connection"] == "close")
        #expect(await cut == 0)
    }

    @Test("does not wait for who had just connected and asks for nothing")
    func justConnectedAndSilent() async throws {
        let server = Server(router: try plainRouter(), logger: .silent)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        let clients = UncheckedClients([try Client(address)])
        try await untilTrue { server.openConnections == 1 }
        #expect(await server.shutdown(within: .seconds(20)) == 0)
        #expect(try await onThread { try clients.clients[0].isClosed() })
    }

    @Test("lets a request that is still arriving arrive, and answers it with Connection: close")
    func arriving() async throws {
        let server = Server(router: try plainRouter(), logger: .silent)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        let client = UncheckedClients([try Client(address)])
        try client.clients[0].send(
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        #expect(try await onThread { try client.clients[0].readAnswer().status } == 100)
        async let cut = server.shutdown(within: .seconds(10))
        try await untilTrue { (try? Client(address)) == nil }
        let answer = try await onThread {
            try client.clients[0].send("body")
            return try client.clients[0].readAnswer()
        }
        #expect(answer.text == "body")
        #expect(answer["connection"] == "close")
        #expect(await cut == 0)
    }

    @Test("cuts what is not done in time, and cancels its handler")
    func deadline() async throws {
        let cancelled = Counter()
        let started = Counter()
        var router = Router()
        try router.on(.GET, "/") { _ in
            started.add()
            do { try await Task.sleep(for: .seconds(60)) } catch { cancelled.add() }
            return Response(status: .ok)
        }
        let server = Server(router: router, logger: .silent)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        async let isClosed = withClient(address) { client in
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            return try client.isClosed()
        }
        try await untilTrue { started.count == 1 }
        #expect(await server.shutdown(within: .milliseconds(50)) == 1)
        #expect(try await isClosed)
        try await untilTrue { cancelled.count == 1 && server.openConnections == 0 }
    }

    @Test("waits for the handler of a client that has left")
    func clientLeft() async throws {
        let started = Counter()
        let gate = Gate()
        let server = Server(router: try Self.router(started, gate), logger: .silent)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        try await withClient(address) { client in
            try client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            try #require(client.hasInput(within: 100) == false)
            client.reset()
        }
        try await untilTrue { started.count == 1 }
        #expect(server.openConnections == 1)
        async let cut = server.shutdown(within: .seconds(10))
        await gate.open()
        #expect(await cut == 0)
    }

    @Test("starts no listener any more")
    func noRestart() async throws {
        let server = Server(router: try plainRouter(), logger: .silent)
        await server.shutdown(within: .zero)
        await #expect(throws: ListenerError.shuttingDown) {
            try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        }
    }
}
