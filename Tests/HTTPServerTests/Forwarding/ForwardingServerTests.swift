import Encodings
import HTTPServer
import Testing

@Suite("A server behind proxies")
struct ForwardingServerTests {
    private static func router() throws -> Router {
        var router = Router()
        try router.on(.GET, "/who") { request in
            Response(status: .ok, body: .bytes(Array("\(request.peer)".utf8)))
        }
        return router
    }

    private static let question = """
        GET /who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n\r\n
        """

    private func answer(trusting range: String?) async throws -> Answer {
        try await withServer(
            Self.router(), { $0.proxies.addresses = [range.flatMap { AddressRange($0) }].compactMap(\.self) }
        ) { _, address in
            try await withClient(address) { client in
                try client.send(Self.question)
                return try client.readAnswer()
            }
        }
    }

    @Test("a trusted proxy says who the client is, and that it came by HTTPS")
    func trusted() async throws {
        let answer = try await answer(trusting: "127.0.0.0/8")
        #expect(answer.text == "192.0.2.7:0")
        #expect(answer["strict-transport-security"] == "max-age=63072000; includeSubDomains")
    }

    @Test("nobody else is believed, of this machine neither", arguments: [nil, "203.0.113.9"])
    func untrusted(range: String?) async throws {
        let answer = try await answer(trusting: range)
        #expect(answer.text.hasPrefix("127.0.0.1:"))
        #expect(answer["strict-transport-security"] == nil)
    }
}
