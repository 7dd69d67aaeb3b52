import HTTPServer
import Testing

@Suite("Many connections", .serialized)
struct ConnectionCountTests {
    @Test("those beyond the limit are answered 503 with Retry-After, the others are served, and places become free")
    func limit() async throws {
        try await withServer(plainRouter(), { $0.maximumConnections = 3 }) { server, address in
            var open = try (0..<3).map { _ in try Client(address) }
            try await untilTrue { server.openConnections == 3 }
            for _ in 0..<5 {
                let (answer, isClosed) = try await withClient(address) { client in
                    (try client.readAnswer(), try client.isClosed())
                }
                #expect(answer.status == 503)
                #expect(answer["retry-after"] != nil)
                #expect(answer["connection"] == "close")
                #expect(isClosed)
            }
            let served = try await onThread { [open = UncheckedClients(open)] in
                try open.clients.map { client in
                    try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                    return try client.readAnswer().status
                }
            }
            #expect(served == [200, 200, 200])
            open.removeLast()
            try await untilTrue { server.openConnections == 2 }
            let answer = try await withClient(address) { client in
                try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                return try client.readAnswer()
            }
            #expect(answer.status == 200)
        }
    }

    @Test("2,000 open ones, half of them in the middle of a request, leave the server answering others")
    func thousands() async throws {
        try await withServer(plainRouter(), { $0.requestDeadline = .seconds(60) }) { server, address in
            let idle = try await onThread { UncheckedClients(try (0..<2000).map { _ in try Client(address) }) }
            try await untilTrue { server.openConnections == 2000 }
            for client in idle.clients.prefix(1000) { try client.send("GET /hel") }
            let answers = try await withClient(address) { client in
                try (0..<100).map { _ in
                    try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok")
                    return try client.readAnswer().text
                }
            }
            #expect(answers == Array(repeating: "ok", count: 100))
            let finished = try await onThread {
                try idle.clients.prefix(1000).map { client in
                    try client.send("lo HTTP/1.1\r\nHost: a\r\n\r\n")
                    return try client.readAnswer().text
                }
            }
            #expect(finished == Array(repeating: "hello", count: 1000))
        }
    }

    @Test("that stay idle are closed early when three quarters of the places are taken")
    func crowded() async throws {
        let limits: (inout ServerConfiguration) -> Void = {
            $0.maximumConnections = 4
            $0.requestDeadline = .milliseconds(200)
        }
        try await withServer(plainRouter(), limits) { server, address in
            let idle = try (0..<3).map { _ in try Client(address) }
            try await untilTrue { server.openConnections == 3 }
            try await untilTrue { server.openConnections < 3 }
            withExtendedLifetime(idle) {}
        }
    }
}
