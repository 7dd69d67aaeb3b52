import HTTPServer
import Testing

@Suite("A conversation over HTTP/1.1")
struct ConversationTests {
    @Test("a request is answered, and the connection stays open for the next")
    func keepAlive() async throws {
        try await withServer(plainRouter()) { _, address in
            let answers = try await withClient(address) { client in
                try (0..<3).map { _ in
                    try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                    return try client.readAnswer()
                }
            }
            #expect(answers.map(\.status) == [200, 200, 200])
            #expect(answers.map(\.text) == ["hello", "hello", "hello"])
            #expect(answers[0]["connection"] == nil)
        }
    }
}
