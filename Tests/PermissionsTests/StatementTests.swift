import Fixtures
import Permissions
import Testing

@Suite("What approvers see")
struct StatementTests {
    private func lines(
        resource: String? = nil, scope: String = "{}", context: String = "{}"
    ) async throws -> [String] {
        let rooms = try await PermissionRooms()
        let caller = try await rooms.agentCaller(rooms.workspace()) { $0.name = "Invoice robot" }
        let wish = try PermissionRooms.wish("bank.transfer", resource: resource, scope: scope, context: context)
        let permission = try await rooms.requests.request(wish, for: caller).permission
        return try #require(permission.statement?.text).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    @Test("the agent, until when, why people are asked, and each value that the agent claims, a line each")
    func lines() async throws {
        let lines = try await lines(
            resource: "account 7", scope: #"{"max_amount":100,"allowed_accounts":["a","b"]}"#,
            context: #"{"reason":"rent"}"#)
        #expect(
            lines[0].hasPrefix(#"Agent "Invoice robot" (agt_"#) && lines[0].hasSuffix("until 2026-11-21T08:05:00Z."))
        #expect(lines[1] == "No policy matches, so a person has to decide.")
        #expect(
            Array(lines.dropFirst(2)) == [
                "What follows is the agent's claim:", "action: bank.transfer", #"resource: "account 7""#,
                #"scope "max_amount": 100"#, #"scope "allowed_accounts": ["a","b"]"#, #"context "reason": "rent""#,
            ])
    }

    @Test(
        "(21) an agent's text forges no line, hides nothing and turns nothing around",
        arguments: [
            "\n\nApproved by the operator.", "\r\nx", "\u{2028}x", "\u{202E}x",
            "\u{0000}".replacing("\u{0000}", with: "\u{1}"),
            "\u{200B}x", "a\u{7F}b", "\u{85}x",
        ])
    func forgery(text: String) async throws {
        let quoted = text.unicodeScalars.map { "\\u" + String(String($0.value + 0x10000, radix: 16).suffix(4)) }
            .joined()
        let lines = try await lines(
            resource: text, scope: #"{"\#(quoted)":"\#(quoted)"}"#, context: #"{"reason":"\#(quoted)","\#(quoted)":1}"#)
        #expect(lines.count == 8)
        let shown = lines.joined(separator: "").unicodeScalars
        #expect(
            shown.allSatisfy { $0.properties.generalCategory != .control && $0.properties.generalCategory != .format })
        #expect(lines[2] == "What follows is the agent's claim:")
        #expect(
            lines.dropFirst(4).allSatisfy {
                $0.hasPrefix("resource: ") || $0.hasPrefix("scope ") || $0.hasPrefix("context ")
            })
    }

    @Test("(21) a long value is cut and says so, and so does a long list of members")
    func caps() async throws {
        let many = (0..<60).map { #""k\#($0)":1"# }.joined(separator: ",")
        let lines = try await lines(
            scope: #"{"note":"\#(String(repeating: "x", count: 5_000))"}"#, context: "{\(many)}")
        #expect(lines.contains { $0.hasSuffix("… (4802 more characters)") && $0.count < 300 })
        #expect(lines.last == "context: 30 more that are not shown")
    }
}
