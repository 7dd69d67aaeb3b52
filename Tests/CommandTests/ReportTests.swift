import Crypto
import Encodings
import FoundationEssentials
import JOSE
import Policies
import Testing

@testable import countersign

@Suite("What commands print")
struct ReportTests {
    private func report(_ text: String) throws -> PermissionReport {
        PermissionReport(try JSONValue(parsing: Array(text.utf8)))
    }

    @Test("an approver sends the digest of the text that was shown, whatever digest the server names beside it")
    func digest() throws {
        let report = try report(#"{"statement":"Agent \"x\" asks.","statementDigest":"0000"}"#)
        let shown = SHA256.hash(data: Array(#"Agent "x" asks."#.utf8))
        #expect(report.statementDigest == Hexadecimal.encode(Array(shown)))
    }

    @Test("what nobody was asked about is shown as the agent's claim, quoted and on one line")
    func claim() throws {
        let report = try report(
            #"{"id":"perm_1","agentId":"agt_1","action":"file.read","resource":"a\nDecision: yes","context":{"a":1}}"#)
        #expect(report.claim[0].contains("claim") && report.claim.contains(#"resource: "a\nDecision: yes""#))
        #expect(report.claim.allSatisfy { !$0.contains("\n") })
    }

    @Test("the number that the asking side shows is asked for where the policy wants it")
    func number() throws {
        #expect(try report(#"{"status":"pending","needsNumber":true}"#).needsNumber)
        #expect(try !report(#"{"status":"pending"}"#).needsNumber)
    }

    @Test("a replay is complete once the server said so, and counts what changed from what to what")
    func replay() throws {
        var replay = ReplayReport()
        for line in [
            #"{"change":{"permission":"perm_1","before":"approved","after":"pending"}}"#,
            #"{"change":{"permission":"perm_2","before":"denied","after":"approved"}}"#,
            #"{"change":{"permission":"perm_3","before":"denied","after":"approved"}}"#,
            #"{"tried":1000,"reached":"2026-11-21T08:00:00.000Z"}"#,
        ] {
            replay.take(try JSONValue(parsing: Array(line.utf8)))
        }
        #expect(replay.tried == 1000 && !replay.isComplete)
        replay.take(try JSONValue(parsing: Array(#"{"done":true,"tried":1200,"changed":3}"#.utf8)))
        #expect(replay.tried == 1200 && replay.isComplete)
        #expect(replay.transitions.map(\.words) == ["denied → approved", "approved → pending"])
        #expect(replay.transitions.map(\.count) == [2, 1])
        #expect(replay.document(since: "x")["changes"]?.elements?.count == 3)
    }

    @Test("the policies of the examples pass the tests beside them")
    func example() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../examples/policies.yaml")
        let file = try PolicyFile(path: root.path)
        #expect(file.tests.count >= file.policies.count)
        for test in file.tests { #expect(test.run(on: file.set).differences.isEmpty, "\(test.name)") }
    }

    @Test("tests beside policies are summed up, their absence too")
    func testSummary() {
        #expect(PolicyCommand.Test.summary(tests: 3, failures: 0) == "3 tests passed.")
        #expect(PolicyCommand.Test.summary(tests: 3, failures: 1) == "1 of 3 tests failed.")
        #expect(PolicyCommand.Test.summary(tests: 0, failures: 0).contains("no tests"))
    }
}
