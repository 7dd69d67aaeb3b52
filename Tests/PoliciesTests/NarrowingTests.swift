import JOSE
import Testing

@testable import Policies

/// Refusal 12: whatever a template or a person adds, it only narrows.
@Suite struct NarrowingTests {
    private func narrowed(_ scope: String, _ limit: String) throws -> ScopeNarrowing {
        try Scope(json(scope)).narrowed(by: Scope(json(limit)))
    }

    private func granted(_ scope: String, _ limit: String) throws -> String? {
        if case .scope(let granted, _) = try narrowed(scope, limit) { granted.description } else { nil }
    }

    @Test(
        "12: each constraint takes what both allow, and one that only one side names stays",
        arguments: [
            (#"{"max_x":1}"#, #"{"max_x":5}"#, #"{"max_x":1}"#),
            (#"{"max_x":5}"#, #"{"max_x":1.5}"#, #"{"max_x":1.5}"#),
            (#"{"min_x":1}"#, #"{"min_x":5}"#, #"{"min_x":5}"#),
            (#"{"max_emails":1}"#, #"{"max_emails":5,"max_size":9}"#, #"{"max_emails":1,"max_size":9}"#),
            (#"{"max_x":5}"#, "{}", #"{"max_x":5}"#),
            (#"{"max_x":5}"#, #"{"min_x":5}"#, #"{"max_x":5,"min_x":5}"#),
            (#"{"allowed_xs":["a","b"]}"#, #"{"allowed_xs":["b","c"]}"#, #"{"allowed_xs":["b"]}"#),
            (#"{"allowed_xs":["*"]}"#, #"{"allowed_xs":["b",5]}"#, #"{"allowed_xs":["b"]}"#),
            (#"{"allowed_xs":["x@a.com"]}"#, #"{"allowed_xs":["*@a.com"]}"#, #"{"allowed_xs":["x@a.com"]}"#),
            (#"{"allowed_xs":[5]}"#, #"{"allowed_xs":[5.0]}"#, #"{"allowed_xs":[5]}"#),
            (#"{"x_pattern":"a"}"#, #"{"x_pattern":"b"}"#, #"{"x_pattern":["a","b"]}"#),
            (#"{"x_pattern":["a","b"]}"#, #"{"x_pattern":["b","c"]}"#, #"{"x_pattern":["a","b","c"]}"#),
            (#"{"x_pattern":"a"}"#, #"{"x_pattern":"a"}"#, #"{"x_pattern":"a"}"#),
            (#"{"send":true}"#, #"{"send":true}"#, #"{"send":true}"#),
            (#"{"send":true}"#, #"{"send":false}"#, #"{"send":false}"#),
            (#"{"send":false}"#, #"{"send":true}"#, #"{"send":false}"#),
            (#"{"require_details":false}"#, #"{"require_details":true}"#, #"{"require_details":true}"#),
            (#"{"require_details":true}"#, #"{"require_details":false}"#, #"{"require_details":true}"#),
            (#"{"xs":["a","b"]}"#, #"{"xs":["b","c"]}"#, #"{"xs":["b"]}"#),
            (#"{"x":"a"}"#, #"{"x":["a","b"]}"#, #"{"x":"a"}"#),
            (#"{"x":["a","b"]}"#, #"{"x":"a"}"#, #"{"x":"a"}"#),
            (#"{"x":{"a":1,"b":2}}"#, #"{"x":{"b":2.0,"a":1}}"#, #"{"x":{"a":1,"b":2}}"#),
            ("{}", #"{"currency":"EUR"}"#, #"{"currency":"EUR"}"#),
        ])
    func constraints(scope: String, limit: String, expected: String) throws {
        #expect(try granted(scope, limit) == expected)
    }

    @Test(
        "12: where nothing is left in common nothing is granted",
        arguments: [
            (#"{"max_x":1}"#, #"{"min_x":5}"#, "max_x"), (#"{"min_x":5}"#, #"{"max_x":1}"#, "max_x"),
            (#"{"allowed_xs":["a"]}"#, #"{"allowed_xs":["b"]}"#, "allowed_xs"),
            (#"{"allowed_xs":["5"]}"#, #"{"allowed_xs":[5]}"#, "allowed_xs"),
            (#"{"x":"a"}"#, #"{"x":"b"}"#, "x"), (#"{"x":["a"]}"#, #"{"x":["b"]}"#, "x"),
            (#"{"x":"a"}"#, #"{"x":null}"#, "x"), (#"{"x":true}"#, #"{"x":"true"}"#, "x"),
            (#"{"x":true}"#, #"{"x":[true,false]}"#, "x"), (#"{"x":{"a":1}}"#, #"{"x":{"a":2}}"#, "x"),
        ])
    func nothing(scope: String, limit: String, name: String) throws {
        #expect(try narrowed(scope, limit) == .nothing(name: name))
    }

    @Test("12: max_uses is lowered, never raised, and one use is what nobody asked more than")
    func uses() throws {
        #expect(try granted(#"{"max_uses":5}"#, #"{"max_uses":2}"#) == #"{"max_uses":2}"#)
        #expect(try granted(#"{"max_uses":2}"#, #"{"max_uses":5}"#) == #"{"max_uses":2}"#)
        #expect(try granted("{}", #"{"max_uses":5}"#) == "{}")
        #expect(try granted(#"{"max_uses":5}"#, "{}") == #"{"max_uses":5}"#)
    }

    @Test("12: a true that nobody asked for is not granted, a false holds")
    func flags() throws {
        #expect(try granted("{}", #"{"admin":true,"send":false}"#) == #"{"send":false}"#)
    }

    @Test("12: what the template does not list and is no constraint turns an approval into a question that names it")
    func unlisted() throws {
        let set = try policies(
            #"{"name": "Mail", "conditions": {"action": {"equals": "gmail.send"}}, "action": "auto_approve", "scopeTemplate": {"max_emails": 5, "has_attachments": false}}"#
        )
        func verdict(_ scope: String) throws -> PolicyVerdict { try set.evaluate(facts("gmail.send", scope: scope)) }
        #expect(try verdict(#"{"max_emails": 1, "max_recipients": 2, "has_attachments": true}"#).action == .autoApprove)
        #expect(
            try verdict(#"{"max_emails": 1, "has_attachments": true}"#).scope.description
                == #"{"max_emails":1,"has_attachments":false}"#)
        let asked = try verdict("{\"max_emails\": 1, \"admin\": true, \"a\u{202e}b\": 1}")
        #expect(asked.action == .requireApproval)
        #expect(
            asked.reason == "Policy \"Mail\" does not list scope.admin, scope.a\u{fffd}b, so a person has to decide.")
        #expect(asked.policy?.name == "Mail")
    }

    @Test("12: what a limit would add without any effect is named, and what it lowers is not")
    func withoutEffect() throws {
        func names(_ scope: String, _ limit: String) throws -> [String] {
            try Scope(json(scope)).namesWithoutEffect(of: Scope(json(limit)))
        }
        #expect(
            try names("{}", #"{"x":true,"max_uses":2,"require_details":false}"#) == [
                "x", "max_uses", "require_details",
            ])
        #expect(try names("{}", #"{"x":false,"y":"a","max_uses":1,"max_x":5,"require_details":true}"#) == [])
        #expect(try names(#"{"x":false,"max_uses":9}"#, #"{"x":true,"max_uses":2}"#) == [])
    }

    @Test("12: without a template the request's scope is granted as it is")
    func noTemplate() throws {
        let set = try policies(#"{"conditions": {"action": {"equals": "a.b"}}, "action": "auto_approve"}"#)
        let scope = #"{"amount":50,"admin":true}"#
        #expect(try set.evaluate(facts("a.b", scope: scope)).scope.description == scope)
    }

    @Test("12: an approval of nothing is a denial, whether a rule approves or asks")
    func denial() throws {
        for action in ["auto_approve", "require_approval"] {
            let set = try policies(
                #"{"name": "Euro", "conditions": {"action": {"equals": "a.b"}}, "action": "\#(action)", "scopeTemplate": {"currency": "EUR"}}"#
            )
            let verdict = try set.evaluate(facts("a.b", scope: #"{"currency": "USD"}"#))
            #expect(verdict.action == .deny)
            #expect(verdict.reason == "Policy \"Euro\" allows nothing of what scope.currency asks for.")
        }
    }
}
