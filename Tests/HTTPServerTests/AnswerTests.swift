import HTTPServer
import Logging
import Synchronization
import Testing

@Suite("Every answer")
struct AnswerTests {
    private static func router() throws -> Router {
        var router = try plainRouter()
        try router.on(.GET, "/page") { _ in
            Response(
                status: .ok,
                headers: [
                    "cache-control": "max-age=60", "Content-Security-Policy": "default-src 'self'",
                    "Content-Length": "999", "Transfer-Encoding": "chunked", "Connection": "upgrade",
                    "X-Request-ID": "forged", "Date": "never", "Server": "me", "X-Content-Type-Options": "none",
                ], body: .bytes(Array("page".utf8)))
        }
        try router.on(.GET, "/empty") { _ in Response(status: .noContent) }
        try router.on(.GET, "/split") { request in
            Response(status: .ok, headers: ["X-Value": request.query["value"] ?? ""])
        }
        try router.on(.GET, "/fail") { _ in throw Unexpected() }
        try router.on(.GET, "/identifier") { request in
            Response(status: .ok, body: .bytes(Array("\(request.identifier)".utf8)))
        }
        return router
    }

    private func get(_ targets: String..., fields: String = "") async throws -> [Answer] {
        try await withServer(Self.router()) { _, address in
            try await withClient(address) { client in
                try targets.map { target in
                    try client.send("GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
                    return try client.readAnswer()
                }
            }
        }
    }

    @Test("carries the security fields, a date and no Server field, refusals included")
    func fields() async throws {
        for answer in try await get("/hello", "/none", "/fail", "/empty", "/v1/keys/%zz") {
            #expect(answer.values("x-content-type-options") == ["nosniff"])
            #expect(answer.values("cache-control") == ["no-store"])
            #expect(answer.values("content-security-policy") == ["default-src 'none'; frame-ancestors 'none'"])
            #expect(answer.values("referrer-policy") == ["no-referrer"])
            #expect(answer.values("date").count == 1)
            #expect(answer["server"] == nil)
        }
    }

    @Test("keeps what a handler sets for caches and pages, and nothing that frames or names the message")
    func handlersFields() async throws {
        let answer = try await get("/page", "/hello")[0]
        #expect(answer.values("cache-control") == ["max-age=60"])
        #expect(answer.values("content-security-policy") == ["default-src 'self'"])
        #expect(answer.values("content-length") == ["4"])
        #expect(answer.values("transfer-encoding") == [])
        #expect(answer.values("connection") == [])
        #expect(answer.values("x-request-id").count == 1)
        #expect(answer["x-request-id"] != "forged")
        #expect(answer["date"]?.hasSuffix(" GMT") == true)
        #expect(answer["server"] == nil)
        #expect(answer.values("x-content-type-options") == ["nosniff"])
    }

    @Test("has no Content-Length where it has no body")
    func noContent() async throws {
        let answers = try await get("/empty", "/hello")
        #expect(answers.map(\.status) == [204, 200])
        #expect(answers[0]["content-length"] == nil)
    }

    @Test("whose field a caller tries to end early is replaced by 500")
    func splitting() async throws {
        for value in ["a%0d%0aSet-Cookie:%20x", "a%0aB:c", "a%0d"] {
            let answer = try await get("/split?value=\(value)")[0]
            #expect(answer.status == 500)
            #expect(answer["set-cookie"] == nil)
        }
    }

    @Test("names its request with 32 hexadecimal digits that are never the same, nor the client's")
    func identifiers() async throws {
        let targets = Array(repeating: "/identifier", count: 300)
        let answers = try await withServer(Self.router()) { _, address in
            try await withClient(address) { client in
                try targets.map { target in
                    try client.send("GET \(target) HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n")
                    return try client.readAnswer()
                }
            }
        }
        let identifiers = answers.compactMap { $0["x-request-id"] }
        #expect(identifiers == answers.map(\.text))
        #expect(Set(identifiers).count == 300)
        #expect(identifiers.allSatisfy { $0.count == 32 && $0.allSatisfy { $0.isHexDigit && !$0.isUppercase } })
    }

    @Test("to a handler that fails is 500 without the reason, which the log has under the same identifier")
    func failure() async throws {
        let log = Log()
        let answer = try await withServer(Self.router(), logger: log.logger(.info)) { _, address in
            try await withClient(address) { client in
                try client.send("GET /fail HTTP/1.1\r\nHost: a\r\n\r\n")
                return try client.readAnswer()
            }
        }
        #expect(answer.status == 500)
        #expect(!answer.text.contains("Unexpected"))
        let line = try #require(log.lines.first)
        #expect(line.contains("Unexpected"))
        #expect(line.contains(try #require(answer["x-request-id"])))
    }

    @Test("is logged in one line with its route, and never with what the path, query, fields or body hold")
    func accessLog() async throws {
        let log = Log()
        let answer = try await withServer(Self.router(), logger: log.logger(.debug)) { _, address in
            try await withClient(address) { client in
                try client.send("GET /v1/keys/secret1?token=secret2 HTTP/1.1\r\nHost: a\r\nX: secret3\r\n\r\n")
                return try client.readAnswer()
            }
        }
        #expect(log.lines.count == 1)
        let line = try #require(log.lines.first)
        #expect(!line.contains("secret"))
        for part in ["route=/v1/keys/:id", "method=GET", "status=200", "request_id=\(answer["x-request-id"] ?? "")"] {
            #expect(line.contains(part))
        }
    }

    @Test("is not logged above the level debug")
    func quiet() async throws {
        let log = Log()
        try await withServer(Self.router(), logger: log.logger(.info)) { _, address in
            try await withClient(address) { client in
                try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try client.readAnswer()
            }
        }
        #expect(log.lines.isEmpty)
    }
}
