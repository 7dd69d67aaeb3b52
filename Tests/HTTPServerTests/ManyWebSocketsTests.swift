import HTTPServer
import Testing

@Suite("Many WebSockets", .serialized)
struct ManyWebSocketsTests {
    private static func router(_ feed: Feed<String>) throws -> Router {
        var router = try plainRouter()
        try router.on(.GET, "/socket") { _ in .webSocket(feed.sequence()) }
        return router
    }

    private static func open(_ count: Int, _ address: ListenerAddress) async throws -> UncheckedClients {
        try await onThread {
            UncheckedClients(
                try (0..<count).map { _ in
                    let client = try Client(address)
                    try client.openWebSocket()
                    return client
                })
        }
    }

    @Test("are all told, and leave nothing behind when their clients are killed")
    func killed() async throws {
        let feed = Feed<String>()
        try await withServer(Self.router(feed)) { server, address in
            let count = 1000
            var clients = try await Self.open(count, address)
            #expect(server.waitingClients == count)
            feed.tell("news")
            let texts = try await onThread { [clients] in try clients.clients.map { try $0.readFrame().text } }
            #expect(texts.allSatisfy { $0 == "news" })
            // Half of them are reset, and half in the middle of a frame.
            for client in clients.clients.prefix(count / 2) { client.reset() }
            for client in clients.clients.dropFirst(count / 2) { try client.send([0x81, 0xFE]) }
            clients = UncheckedClients([])
            try await untilTrue { server.openConnections == 0 && server.waitingClients == 0 }
            #expect(feed.ended == count)
        }
    }

    @Test("are all told that the server goes, which takes no longer than they do to agree")
    func shutdown() async throws {
        let feed = Feed<String>()
        let server = Server(router: try Self.router(feed), logger: .silent)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        let clients = try await Self.open(1000, address)
        async let codes = onThread {
            try clients.clients.map { client in
                let code = try client.readCloseCode()
                try client.send(.close(code))
                return code
            }
        }
        let begin = ContinuousClock.now
        #expect(await server.shutdown(within: .seconds(20)) == 0)
        #expect(begin.duration(to: .now) < .seconds(10))
        #expect(try await codes == Array(repeating: 1001, count: 1000))
        #expect(feed.ended == 1000)
    }

    @Test("whose clients do not agree to the end are cut after the time for closing")
    func silentClients() async throws {
        var configuration = ServerConfiguration()
        configuration.closingLimit = .milliseconds(200)
        let feed = Feed<String>()
        let server = Server(router: try Self.router(feed), configuration: configuration, logger: .silent)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        let clients = try await Self.open(200, address)
        let begin = ContinuousClock.now
        #expect(await server.shutdown(within: .seconds(20)) == 0)
        #expect(begin.duration(to: .now) < .seconds(10))
        withExtendedLifetime(clients) {}
    }

    @Test("that are closed by both sides at the same time end cleanly, whoever was first")
    func closeRace() async throws {
        let feed = Feed<String>()
        let router = try Self.router(feed)
        try await withServer(router) { server, address in
            let clients = try await Self.open(200, address)
            async let closed = onThread {
                try clients.clients.map { client in
                    try? client.send(.close(4000))
                    return try client.readCloseCode()
                }
            }
            feed.tell("last")
            feed.finish()
            let codes = try await closed
            #expect(codes.allSatisfy { $0 == 1000 || $0 == 4000 })
            try await untilTrue { server.openConnections == 0 && server.waitingClients == 0 }
            #expect(feed.ended == 200)
        }
    }
}
