import Fixtures
import HTTPServer
import Testing

@Suite("Operator's API: what the log is asked")
struct LogQueryTests {
    private let server: TestServer

    init() async throws { server = try await TestServer() }

    private func ask(_ path: String) async -> TestServer.Answer {
        await server.call(.GET, "/v1/log/" + path, key: server.operatorKey)
    }

    @Test(
        "a question that is not understood is refused with the parameter's name, and answered with no entry",
        arguments: [
            ("record", "entries?record=%00"), ("record", "entries?record=%FF"), ("actor", "entries?actor=%00"),
            ("agent", "entries?agent=%C3"), ("agent", "entries?agent=%zz"), ("contct", "entries?contct=a@example.com"),
            ("%00", "entries?%00=x"), ("contact", "entries?contact="), ("contact", "entries?contact"),
            ("record", "entries?record="), ("contact", "entries?contact=nobody"),
            ("limit", "entries?limit=5&limit=6"), ("limit", "entries?limit=5&lim%69t=5"), ("limit", "entries?limit=0"),
            ("limit", "entries?limit=99999999999999999999"), ("limit", "entries?limit=%2B5"),
            ("from", "entries?from=2026-02-30"), ("to", "entries?to=2026-11-21T25:00:00Z"),
            ("to", "entries?to=2026-11-21T12:60:00Z"), ("from", "entries?from=2025-02-29T12:00:00.000Z"),
            ("after", "entries?before=1&after=1"), ("action", "entries?action=none"),
            ("sequence", "proof"), ("sequence", "proof?sequence=0"), ("sequence", "proof?sequence=1&sequence=2"),
            ("sequenze", "proof?sequence=1&sequenze=2"), ("from", "export?from=2026-02-30"),
            ("contact", "export?contact=a@example.com"), ("format", "export?format="), ("format", "export?format=xml"),
        ])
    func refused(_ name: String, _ path: String) async {
        let answer = await ask(path)
        #expect(answer.status == 400 && answer.code == "invalid_parameter", "\(answer.text)")
        #expect(answer.text("detail")?.hasPrefix(name + " ") == true, "\(answer.text)")
    }

    @Test(
        "a question that is understood is answered",
        arguments: [
            "", "?limit=5", "?record=%C3%BC", "?contact=a%40example.com", "?from=2024-02-29", "?before=3", "?after=0",
            "?from=2026-11-21T08:00:00Z&to=2026-11-21T08:00:00.123Z", "?from=2026-11-21T23:30:00%2B02:00",
        ])
    func answered(_ query: String) async {
        #expect(await ask("entries" + query).status == 200)
    }
}
