import FoundationEssentials
import Synchronization
import Testing

@testable import countersign

@Suite("A log that is served over HTTP")
struct ServerLogTests {
    private static func answer(_ status: Int, _ body: String = "", retryAfter: Int? = nil) -> CommandResponse {
        CommandResponse(status: status, body: Data(body.utf8), retryAfter: retryAfter)
    }

    @Test("a server that is busy is asked again after the pause that it names, and none that is too long")
    func busy() async throws {
        let transport = PlayedTransport(answers: [
            Self.answer(429, retryAfter: 7), Self.answer(503, retryAfter: 86_400), Self.answer(503),
            Self.answer(200, "text"),
        ])
        let pauses = Mutex<[Int]>([])
        let log = ServerLog(transport, prefix: "/mirror/") { seconds in pauses.withLock { $0.append(seconds) } }
        #expect(try await log.checkpoint() == Array("text".utf8))
        #expect(pauses.withLock { $0 } == [7, 60, 4])
        #expect(transport.requests.map(\.path) == Array(repeating: "/mirror/checkpoint", count: 4))
    }

    @Test("a server that stays busy is given up")
    func tooBusy() async throws {
        let transport = PlayedTransport(answers: Array(repeating: Self.answer(429, retryAfter: 1), count: 5))
        let log = ServerLog(transport, prefix: "/") { _ in }
        await #expect(throws: CommandError.self) { try await log.checkpoint() }
        #expect(transport.requests.count == 5)
    }

    @Test(
        "what cannot be read is told with what to do, and not asked for again",
        arguments: [
            (302, "the address that it points to"), (500, "look in its log"), (401, "COUNTERSIGN_KEY"),
            (418, "Is that the address of a log?"),
        ])
    func advice(_ status: Int, _ words: String) async throws {
        let transport = PlayedTransport(answers: [Self.answer(status)])
        let error = await #expect(throws: CommandError.self) {
            try await ServerLog(transport, prefix: "/") { _ in }.checkpoint()
        }
        #expect(error?.description.contains(words) == true)
        #expect(transport.requests.count == 1)
    }

    @Test("plain HTTP is for addresses that get no key")
    func unencrypted() throws {
        _ = try ServerLog(url: "http://mirror.example/log")
        #expect(throws: CommandError.self) { try ServerLog(server: "http://mirror.example", workspace: nil) }
        #expect(throws: CommandError.self) { try ServerLog(url: "ftp://mirror.example/log") }
    }
}
