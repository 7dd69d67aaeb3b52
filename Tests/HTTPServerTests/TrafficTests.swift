import HTTPServer
import Testing

@Suite("What a server counts")
struct TrafficTests {
    private static func counts(_ requests: [String]) async throws -> (traffic: Traffic, counts: [AnswerKind: Int]) {
        let traffic = Traffic()
        let server = Server(router: try plainRouter(), logger: .silent, traffic: traffic)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        for request in requests {
            _ = try await withClient(address) { client in
                try client.send(request)
                return try client.readAnswer().status
            }
        }
        await server.shutdown(within: .seconds(1))
        return (traffic, traffic.answers.mapValues(\.count))
    }

    @Test("is by the route's pattern, not by the path")
    func patterns() async throws {
        let requests = (0..<3).map { "GET /v1/keys/secret-\($0)?token=\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
        let (traffic, counts) = try await Self.counts(requests)
        #expect(counts.count == 1)
        let kind = try #require(counts.keys.first)
        #expect(kind.route == "/v1/keys/:id" && kind.method == "GET" && kind.status == 200 && counts[kind] == 3)
        #expect(traffic.connections.accepted == 3 && traffic.connections.refused == 0)
    }

    @Test("does not grow with what strangers make up: paths, methods, versions and no request at all")
    func bounded() async throws {
        let made = (0..<20).flatMap { number in
            [
                "GET /nowhere/\(number) HTTP/1.1\r\nHost: a\r\n\r\n",
                "MADEUP\(number) /hello HTTP/1.1\r\nHost: a\r\n\r\n", "no request \(number)\r\n\r\n",
            ]
        }
        let (_, counts) = try await Self.counts(made)
        #expect(counts.values.reduce(0, +) == 60)
        #expect(counts.count <= 4, "\(counts.keys)")
        #expect(counts.keys.allSatisfy { $0.route == "none" && ["GET", "other", "none"].contains($0.method) })
    }

    @Test("has the connections of now, and whether the server ends")
    func connections() async throws {
        let traffic = Traffic()
        #expect(!traffic.isDraining && traffic.connections.open == 0)
        let server = Server(router: try plainRouter(), logger: .silent, traffic: traffic)
        let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
        let client = try await onThread { UncheckedClients([try Client(address)]) }
        try await untilTrue { traffic.connections.open == 1 }
        withExtendedLifetime(client) {}
        await server.shutdown(within: .zero)
        #expect(traffic.isDraining)
    }
}
