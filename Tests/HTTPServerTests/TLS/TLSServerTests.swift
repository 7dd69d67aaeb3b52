import Glibc
import HTTPServer
import Testing

@Suite("A server with TLS")
struct TLSServerTests {
    private let folder: CertificateFolder

    init() throws { folder = try CertificateFolder() }

    private func serving(
        _ change: (inout ServerConfiguration) -> Void = { _ in }, router: Router? = nil, log: Log = Log(),
        _ body: (Server, ListenerAddress) async throws -> Void
    ) async throws {
        var configuration = ServerConfiguration()
        change(&configuration)
        let server = Server(
            router: try router ?? plainRouter(), configuration: configuration, logger: log.logger(.debug))
        let identity = try TLSIdentity(folder.files, now: CertificateFolder.now)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0), tls: identity)
        do { try await body(server, address) } catch {
            await server.shutdown(within: .milliseconds(100))
            throw error
        }
        await server.shutdown(within: .milliseconds(100))
        #expect(server.openConnections == 0)
    }

    @Test("requests over TLS are answered, one after the other, and told to come back by HTTPS")
    func answered() async throws {
        try await serving { _, address in
            try await onThread {
                let client = try SecureClient(address)
                for _ in 0..<3 {
                    try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                    let answer = try client.readAnswer(endingWith: "hello")
                    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
                    #expect(answer.contains("\r\nStrict-Transport-Security: max-age=63072000; includeSubDomains\r\n"))
                }
            }
        }
    }

    @Test("who speaks plain HTTP is told so, under an id that the log has too")
    func plainHTTP() async throws {
        let log = Log()
        try await serving(log: log) { _, address in
            let answer = try await withClient(address) { client in
                try client.send(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
                return String(decoding: try client.readToEnd(), as: UTF8.self)
            }
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n") && answer.contains("\r\nConnection: close\r\n"))
            #expect(answer.hasSuffix("\r\n\r\nThis port speaks HTTPS. Write https:// instead of http://\n"))
            let field = try #require(answer.firstMatch(of: /\r\nX-Request-Id: ([0-9a-f]{32})\r\n/))
            try await untilTrue { log.lines.contains { $0.hasPrefix("no handshake") && $0.hasSuffix("=\(field.1)") } }
        }
    }

    @Test(
        "a body that ends with the connection is said to be all of it, unless it broke off", arguments: [true, false])
    func streamed(isWhole: Bool) async throws {
        var router = try plainRouter()
        try router.on(.GET, "/stream") { _ in
            let write: @Sendable (StreamWriter) async throws -> Void = { writer in
                try await writer.write("half")
                if !isWhole { throw Unexpected() }
            }
            return Response(status: .ok, body: .stream(write))
        }
        try await serving(router: router) { _, address in
            let (text, isSaidToBeAll) = try await onThread {
                let client = try SecureClient(address)
                try client.send("GET /stream HTTP/1.0\r\n\r\n")
                return try client.readToEnd()
            }
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.hasSuffix("\r\n\r\nhalf"))
            #expect(isSaidToBeAll == isWhole)
        }
    }

    @Test("a handshake that does not go on is ended at its deadline, and counts among the connections until then")
    func stalled() async throws {
        try await serving {
            $0.handshakeDeadline = .milliseconds(200)
        } _: { server, address in
            try await withClient(address) { client in
                try client.send([0x16, 3, 1])
                #expect(try client.isClosed())
            }
            try await untilTrue { server.openConnections == 0 }
        }
    }

    @Test("beyond the limit a connection is closed without a handshake")
    func full() async throws {
        try await serving {
            $0.maximumConnections = 1
        } _: { server, address in
            try await onThread {
                let first = try SecureClient(address)
                #expect(throws: (any Error).self) { try SecureClient(address) }
                try first.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try first.readAnswer(endingWith: "hello").hasPrefix("HTTP/1.1 200"))
            }
        }
    }

    @Test("a shutdown lets who had just connected shake hands, and answers the first request")
    func justConnected() async throws {
        try await serving {
            $0.firstRequestGrace = .seconds(20)
        } _: { server, address in
            async let answered = onThread {
                let client = try SecureClient(address) {
                    // Until nobody else gets in.
                    while (try? Client(address)) != nil { usleep(1000) }
                }
                try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                return try client.readAnswer(endingWith: "hello")
            }
            try await untilTrue { server.openConnections >= 1 }
            #expect(await server.shutdown(within: .seconds(10)) == 0)
            let answer = try await answered
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test("a shutdown waits for a handshake that does not go on no longer than for a first request")
    func shutdown() async throws {
        try await serving { server, address in
            try await withClient(address) { client in
                try client.send([0x16, 3, 1])
            }
            let client = try await onThread { UncheckedClients([try Client(address)]) }
            try await untilTrue { server.openConnections >= 1 }
            await server.shutdown(within: .seconds(10))
            #expect(server.openConnections == 0)
            _ = client
        }
    }
}
