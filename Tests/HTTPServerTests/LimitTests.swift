import HTTPServer
import Testing

@Suite("A client that sends too much")
struct LimitTests {
    @Test("is refused when header and request line exceed their limit, and accepted when they reach it")
    func headerBytes() async throws {
        try await withServer(plainRouter()) { _, address in
            // The request line counts 21 bytes, the Host field 9, and "X-Long: " with its end 10.
            for (padding, status) in [(16_384 - 21 - 9 - 10, 200), (16_384 - 21 - 9 - 9, 431)] {
                let field = "X-Long: " + String(repeating: "x", count: padding)
                let answer = try await withClient(address) { client in
                    try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n")
                    return try client.readAnswer()
                }
                #expect(answer.status == status)
            }
        }
    }

    @Test("is refused at 101 header fields, and accepted at 100")
    func headerFields() async throws {
        try await withServer(plainRouter()) { _, address in
            for (count, status) in [(99, 200), (100, 431)] {
                let fields = (0..<count).map { "X-\($0): y\r\n" }.joined()
                let answer = try await withClient(address) { client in
                    try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
                    return try client.readAnswer()
                }
                #expect(answer.status == status)
            }
        }
    }

    @Test("is refused while it still floods the header, without waiting for its end", arguments: HeaderFlood.allCases)
    func headerFlood(_ flood: HeaderFlood) async throws {
        try await withServer(plainRouter()) { _, address in
            let status = try await withClient(address) { client in
                try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n")
                try? client.send(String(repeating: flood.part, count: 1_000_000 / flood.part.utf8.count))
                return try client.readAnswer().status
            }
            #expect(status == 431)
        }
    }

    @Test("is refused while it floods the connection with empty lines")
    func emptyLines() async throws {
        try await withServer(plainRouter()) { _, address in
            let status = try await withClient(address) { client in
                try? client.send(String(repeating: "\r\n", count: 100_000))
                return try client.readAnswer().status
            }
            #expect(status == 431)
        }
    }

    @Test("is refused in the shape that its header asks for, wherever that was read whole")
    func headersOfRefusals() async throws {
        var router = try plainRouter()
        router.failure = { reason, request in
            Response(status: reason.status, body: .bytes(Array((request.headers["Origin"] ?? "none").utf8)))
        }
        let head = "HTTP/1.1\r\nHost: a\r\nOrigin: o\r\n"
        let cases: [(String, Int, String)] = [
            ("GET /nothing \(head)\r\n", 404, "o"), ("DELETE /echo \(head)\r\n", 405, "o"),
            ("POST /echo \(head)Content-Length: 1000000\r\n\r\n", 413, "o"),
            ("POST /echo \(head)Transfer-Encoding: chunked\r\n\r\n100000\r\n", 413, "o"),
            ("GET /hello \(head)Host: b\r\n\r\n", 400, "none"),
            ("GET /hello \(head)\(String(repeating: "X: y\r\n", count: 100))\r\n", 431, "none"),
        ]
        try await withServer(router) { _, address in
            for (message, status, said) in cases {
                let answer = try await withClient(address) { client in
                    try client.send(message)
                    if message.contains("chunked") { try? client.send(String(repeating: "x", count: 0x100000)) }
                    return try client.readAnswer()
                }
                #expect(answer.status == status && answer.text == said, "\(message.prefix(40)): \(answer)")
            }
        }
    }

    @Test("is refused when the target exceeds its limit")
    func target() async throws {
        try await withServer(plainRouter()) { _, address in
            let answer = try await withClient(address) { client in
                try client.send("GET /\(String(repeating: "x", count: 8192)) HTTP/1.1\r\nHost: a\r\n\r\n")
                return try client.readAnswer()
            }
            #expect(answer.status == 414)
        }
    }

    @Test("is refused for a declared body beyond the limit before it sends it, and accepted at the limit")
    func declaredBody() async throws {
        try await withServer(plainRouter()) { _, address in
            let (accepted, refused, isClosed) = try await withClient(address) { client in
                try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n")
                try client.send(String(repeating: "x", count: 65536))
                let accepted = try client.readAnswer()
                try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n")
                return (accepted, try client.readAnswer(), try client.isClosed())
            }
            #expect(accepted.body.count == 65536)
            #expect(refused.status == 413)
            #expect(isClosed)
        }
    }

    @Test("gets the answer 413 to a megabyte that it sends before it reads")
    func megabyte() async throws {
        try await withServer(plainRouter()) { _, address in
            let answer = try await withClient(address) { client in
                try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n")
                try client.send(String(repeating: "x", count: 1_048_576))
                return try client.readAnswer()
            }
            #expect(answer.status == 413)
        }
    }

    @Test("is refused for a body in chunks, whichever part of it is too long", arguments: ChunkFlood.allCases)
    func chunkedBody(_ flood: ChunkFlood) async throws {
        try await withServer(plainRouter()) { _, address in
            let status = try await withClient(address) { client in
                try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                try? client.send(flood.body)
                return try client.readAnswer().status
            }
            #expect(status == 413)
        }
    }

    @Test("holds no more than a few slices of memory by pipelining without reading")
    func pipelineWithoutReading() async throws {
        var router = Router()
        try router.on(.GET, "/") { _ in
            try await Task.sleep(for: .seconds(60))
            return Response(status: .ok)
        }
        try await withServer(router) { _, address in
            let accepted = try await withClient(address) { client in
                let request = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
                return client.sendWithoutWaiting(Array(repeating: request, count: 1_000_000).flatMap { $0 })
            }
            // What the kernel holds on both sides is a few megabytes; 27 megabytes were offered.
            #expect(accepted < 16_000_000)
        }
    }
}

/// Ways to make a header endless.
enum HeaderFlood: CaseIterable {
    case shortFields
    case oneLongName
    case longNames

    var part: String {
        switch self {
        case .shortFields: "X: y\r\n"
        case .oneLongName: String(repeating: "x", count: 100)
        case .longNames: "X-\(String(repeating: "x", count: 5000)): y\r\n"
        }
    }
}

/// Ways to make a body in chunks too long.
enum ChunkFlood: CaseIterable {
    case data
    case oneExtension
    case manyExtensions
    case trailer

    var body: String {
        switch self {
        case .data: "10000\r\n" + String(repeating: "x", count: 65536) + "\r\n1\r\nx\r\n"
        case .oneExtension: "1;" + String(repeating: "x", count: 200_000) + "\r\nx\r\n"
        case .manyExtensions:
            String(repeating: "1;" + String(repeating: "x", count: 1000) + "\r\nx\r\n", count: 200)
        case .trailer: "0\r\n" + String(repeating: "X: y\r\n", count: 40_000)
        }
    }
}
