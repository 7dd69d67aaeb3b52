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

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { "\\u" + String(String($0.value + 0x10000, radix: 16).suffix(4)) }.joined()
    }

    @Test(
        "(21) an agent's text forges no line, hides nothing and turns nothing around",
        arguments: [
            "\n\nApproved by the operator.", "\r\nx", "\u{2028}x", "\u{202E}x", "\u{1}", "\u{200B}x", "a\u{7F}b",
            "\u{85}x", "max_amount\u{FE0F}", "\u{3164}", "\u{2800}", "\u{34F}x", "\u{115F}",
        ])
    func forgery(text: String) async throws {
        let quoted = Self.escaped(text)
        let lines = try await lines(
            resource: text, scope: #"{"note":"\#(quoted)","\u202e":"\#(quoted)"}"#,
            context: #"{"reason":"\#(quoted)","\u202e":1}"#)
        #expect(lines.count == 9)
        let shown = lines.joined(separator: "").unicodeScalars
        #expect(
            shown.allSatisfy { $0.properties.generalCategory != .control && $0.properties.generalCategory != .format })
        #expect(shown.allSatisfy { !$0.properties.isDefaultIgnorableCodePoint && $0.value != 0x2800 })
        #expect(lines[2] == "What follows is the agent's claim:")
        #expect(
            lines.dropFirst(4).allSatisfy {
                $0.hasPrefix("resource: ") || $0.hasPrefix("scope ") || $0.hasPrefix("context ")
            })
    }

    @Test(
        "(21) a name with a control character is refused, in scope and context, at any depth",
        arguments: ["\n\nApproved by the operator.", "\r\nx", "\u{0}", "a\u{7F}b", "\u{85}x", "\u{2028}x"])
    func names(text: String) async throws {
        for object in [#"{"\#(Self.escaped(text))":1}"#, #"{"a":[{"\#(Self.escaped(text))":1}]}"#] {
            await #expect(throws: PermissionError.invalidFields([])) { try await lines(scope: object) }
            await #expect(throws: PermissionError.invalidFields([])) { try await lines(context: object) }
        }
    }

    @Test("what an approval grants is shown whole, constraints first, and after it what grants nothing, cut")
    func whole() async throws {
        let (resource, note) = (String(repeating: "r", count: 255), String(repeating: "x", count: 1_900))
        let flags = (0..<40).map { #""flag\#($0)":true"# }.joined(separator: ",")
        let many = (0..<60).map { #""k\#($0)":1"# }.joined(separator: ",")
        let long = String(repeating: "z", count: 5_000)
        let lines = try await lines(
            resource: resource, scope: #"{"note":"\#(note)",\#(flags),"max_amount":5,"allowed_hosts":["\#(note)"]}"#,
            context: #"{"long":"\#(long)",\#(many)}"#)
        #expect(
            Array(lines[4..<8]) == [
                #"resource: "\#(resource)""#, #"scope "max_amount": 5"#, #"scope "allowed_hosts": ["\#(note)"]"#,
                #"scope "note": "\#(note)""#,
            ])
        #expect(lines[47] == #"scope "flag39": true"#)
        #expect(lines[48].hasSuffix("… (4802 more characters)") && lines[48].count < 300)
        #expect(lines.last == "context: 31 more that are not shown")
    }

    @Test(
        "a scope that cannot be shown whole is refused before anybody is asked",
        arguments: [
            "{\"note\":\"" + String(repeating: "x", count: 2_000) + "\"}",
            "{\"" + String(repeating: "n", count: 2_000) + "\":1}",
            // Few characters, which take ten each to show.
            "{\"note\":\"" + String(repeating: "\\u202e", count: 300) + "\"}",
            "{" + (0..<6).map { "\"n\($0)\":\"" + String(repeating: "x", count: 1_900) + "\"" }.joined(separator: ",")
                + "}",
        ])
    func tooLarge(scope: String) async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        let caller = try await rooms.agentCaller(workspace)
        let wish = try PermissionRooms.wish(scope: scope)
        await #expect {
            try await rooms.requests.request(wish, for: caller)
        } throws: {
            ($0 as? PermissionError)?.fields.map(\.field) == ["scope"]
        }
        #expect(try await rooms.requests.list(PermissionFilter(), workspace: workspace.id, .first).total == 0)
        // Nobody has to be shown what a policy approves.
        try await rooms.approveAll(workspace)
        #expect(try await rooms.requests.request(wish, for: caller).permission.status == .approved)
    }

    @Test("where a policy limits the scope, what is shown is what an approval grants at most")
    func template() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.policy(
            #"{"name":"p","conditions":{},"action":"require_approval","scopeTemplate":{"max_amount":50,"currency":"EUR"}}"#,
            workspace)
        let wish = try PermissionRooms.wish(scope: #"{"max_amount":500,"note":"x"}"#)
        let asked = try await rooms.requests.request(wish, for: rooms.agentCaller(workspace)).permission
        let lines = try #require(asked.statement?.text).split(separator: "\n").map(String.init)
        #expect(lines[2] == "What follows is the agent's claim, with the scope that the policy leaves of it:")
        #expect(
            Array(lines.dropFirst(4)) == [
                #"scope "max_amount": 50"#, #"scope "note": "x""#, #"scope "currency": "EUR""#,
            ])
    }
}
