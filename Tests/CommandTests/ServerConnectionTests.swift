import ArgumentParser
import FoundationEssentials
import JOSE
import Policies
import Synchronization
import Testing

@testable import countersign

@Suite("What a command and a server say to each other")
struct ServerConnectionTests {
    @Test(
        "a refusal is told in the server's words with its code, whichever of its APIs spoke",
        arguments: [
            (#"{"detail":"There is no such agent.","code":"not_found"}"#, "There is no such agent. [not_found]"),
            (
                #"{"error":"The code is wrong.","code":"INVALID_CODE","attempts_remaining":3}"#,
                "The code is wrong. Attempts left: 3. [INVALID_CODE]"
            ),
            (
                #"{"success":false,"error":{"code":"VALIDATION_ERROR","message":"No.","details":{"name":["is missing"]}}}"#,
                "name is missing [VALIDATION_ERROR]"
            ),
            (
                #"{"error":"No.","code":"INVALID_FIELD","details":"app is too long"}"#,
                "No. (app is too long) [INVALID_FIELD]"
            ),
            ("<html>", "the server answered 422"), ("", "the server answered 422"),
            ("Not here.\n", "the server answered 422: Not here."), ("\u{1B}[2J", "the server answered 422"),
        ])
    func refusal(_ body: String, _ message: String) {
        #expect(Refusal(status: 422, body: Data(body.utf8)).message == message)
    }

    @Test("a list is read page by page to its end")
    func pages() async throws {
        let transport = PlayedTransport([
            (200, #"{"success":true,"data":[{"id":"1"}],"meta":{"totalPages":2}}"#),
            (200, #"{"success":true,"data":[{"id":"2"}],"meta":{"totalPages":2}}"#),
        ])
        let items = try await ServerConnection(transport: transport).all("/permissions", [("status", "pending")])
        #expect(items.compactMap { $0["id"]?.text } == ["1", "2"])
        #expect(
            transport.requests.map(\.path) == [1, 2].map { "/api/v1/permissions?status=pending&limit=100&page=\($0)" })
    }

    @Test("a streamed answer is handed on line by line, and a refusal of it is told")
    func lines() async throws {
        let transport = PlayedTransport([(200, "{\"tried\":1}\n\n{\"done\":true}\n"), (422, #"{"detail":"No."}"#)])
        let connection = ServerConnection(transport: transport, key: "uk_live_x")
        let taken = Mutex<[JSONValue]>([])
        try await connection.lines("POST", "/v1/policies/replay", body: .object([])) { line in
            taken.withLock { $0.append(line) }
        }
        #expect(taken.withLock { $0.map(\.description) } == [#"{"tried":1}"#, #"{"done":true}"#])
        #expect(transport.requests[0].headers["Authorization"] == "Bearer uk_live_x")
        await #expect(throws: CommandError.self) {
            try await connection.lines("POST", "/v1/policies/replay", body: .object([])) { _ in }
        }
    }

    @Test("the audit commands name the workspace that is meant, and none beside a key, which says it itself")
    func workspace() async throws {
        let transport = PlayedTransport([(200, "{}")])
        _ = try await ServerConnection(transport: transport, workspace: "ws_1").json("GET", "/v1/log/state")
        #expect(transport.requests[0].headers["X-Countersign-Workspace"] == "ws_1")
        for command in ["list", "tail", "key", "state", "export --output x", "erase --contact x", "prove --sequence 1"]
        {
            let words = ["audit"] + command.split(separator: " ").map(String.init) + ["--workspace", "ws_1"]
            #expect(throws: Never.self) { try Countersign.parseAsRoot(words) }
            for other in [["--key", "uk_live_x"], ["--server", "https://login.example.com"]] {
                #expect(throws: (any Error).self) { try Countersign.parseAsRoot(words + other) }
            }
        }
    }

    @Test("what the server finds wrong is told at the rule's line in the file")
    func located() async throws {
        let file = try PolicyFile(
            bytes: Array("policies:\n  - name: First\n    conditions: {}\n    action: deny\n".utf8), name: "p.yaml")
        let refusal = #"{"detail":"No.","errors":[{"policy":"First","field":"agentId","message":"is no agent"}]}"#
        let connection = ServerConnection(transport: PlayedTransport([(422, refusal)]))
        do {
            _ = try await connection.json("POST", "/v1/policies/apply")
            Issue.record("the refusal was not told")
        } catch let error as CommandError {
            #expect(
                file.located(error, in: "p.yaml").description
                    == "p.yaml:2: policy \"First\": agentId is no agent\nNothing was changed.")
        }
    }
}
