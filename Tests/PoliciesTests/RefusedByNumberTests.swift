import JOSE
import Testing

@testable import Policies

/// The refusals of the dialect's page that are decided here, by their numbers there.
@Suite struct RefusedByNumberTests {
    private func decision(_ set: PolicySet, _ scope: String, context: String = "{}") throws -> PolicyAction {
        try set.evaluate(facts("bank.transfer", scope: scope, context: context)).action
    }

    @Test("9: an unknown or misspelt operator is refused when the policy is made, with what was meant")
    func unknownOperator() throws {
        #expect(
            try faults(#"{"conditions": {"scope.amount": {"lesThan": 100}}, "action": "auto_approve"}"#).first?
                .hasPrefix(
                    "conditions.scope.amount.lesThan is no operator (did you mean lessThan?); there are equals, ")
                == true)
        for name in ["$eq", "regex", "EQUALS", "equal", "", "__proto__"] {
            #expect(try faults(#"{"conditions": {"action": {"\#(name)": "a.b"}}}"#).count == 1, "\(name)")
        }
    }

    @Test("9: approving without conditions needs matchAll")
    func emptyConditions() throws {
        #expect(
            try faults(#"{"conditions": {}, "action": "auto_approve"}"#) == [
                "conditions must not be empty: this would approve every request; say matchAll: true if that is meant"
            ])
        #expect(try faults(#"{"conditions": {}, "action": "auto_approve", "matchAll": true}"#) == [])
        #expect(try faults(#"{"conditions": {}, "action": "deny"}"#) == [])
    }

    @Test(
        "10: a value of another type never gets past a deny or a rule that asks to an approval",
        arguments: [
            #"{"amount": "5000"}"#, #"{"amount": [5000]}"#, #"{"amount": null}"#, #"{"amount": {}}"#,
            #"{"amount": {"value": 5000}}"#, #"{"amount": true}"#, #"{"amount": ""}"#, #"{"amount": []}"#,
        ])
    func mismatch(scope: String) throws {
        let approve = #"{"conditions": {"action": {"startsWith": "bank."}}, "action": "auto_approve"}"#
        for test in [
            #"{"greaterThan": 1000}"#, #"{"equals": 5000}"#, #"{"in": [5000, 6000]}"#, #"{"notEquals": 5}"#,
            #"{"notIn": [5]}"#, #"{"lessThan": 1000, "greaterThan": 500}"#,
        ] {
            let deny = #"{"priority": 9, "conditions": {"scope.amount": \#(test)}, "action": "deny"}"#
            let ask = #"{"priority": 9, "conditions": {"scope.amount": \#(test)}, "action": "require_approval"}"#
            #expect(try decision(policies(approve, deny), scope) == .deny)
            #expect(try decision(policies(approve, ask), scope) == .requireApproval)
        }
        let small = #"{"conditions": {"scope.amount": {"lessThan": 100}}, "action": "auto_approve"}"#
        #expect(try decision(policies(small), scope) == .requireApproval)
    }

    @Test(
        "10: nor does something else in the place of an object on the way",
        arguments: [#"{"transfer": 5000}"#, #"{"transfer": null}"#, #"{"transfer": [{"amount": 5000}]}"#])
    func mismatchOnTheWay(scope: String) throws {
        let set = try policies(
            #"{"conditions": {"action": {"startsWith": "bank."}}, "action": "auto_approve"}"#,
            #"{"priority": 9, "conditions": {"scope.transfer.amount": {"greaterThan": 1000}}, "action": "deny"}"#)
        #expect(try decision(set, scope) == .deny)
        #expect(try decision(set, "{}") == .autoApprove)
    }

    @Test("10: a rule that another condition excludes is not taken for a match")
    func excluded() throws {
        let set = try policies(
            #"{"conditions": {"action": {"startsWith": "bank."}}, "action": "auto_approve"}"#,
            #"{"priority": 9, "conditions": {"scope.amount": {"greaterThan": 1000}, "action": {"equals": "shop.buy"}}}"#
        )
        #expect(try decision(set, #"{"amount": "5000"}"#) == .autoApprove)
    }

    @Test("11: a missing field is never enough to approve, and always enough to deny what differs")
    func missing() throws {
        for test in [#"{"notEquals": "evil"}"#, #"{"notIn": ["evil"]}"#] {
            let approve = #"{"conditions": {"scope.to": \#(test)}, "action": "auto_approve"}"#
            let deny = #"{"conditions": {"scope.to": \#(test)}, "action": "deny"}"#
            #expect(try decision(policies(approve), "{}") == .requireApproval)
            #expect(try decision(policies(approve), #"{"to": null}"#) == .requireApproval)
            #expect(try decision(policies(approve), #"{"to": "good"}"#) == .autoApprove)
            #expect(try decision(policies(deny), "{}") == .deny)
        }
    }

    @Test("13: only the request's own fields are there")
    func ownFields() throws {
        for name in ["constructor", "__proto__", "toString", "hasOwnProperty", "length"] {
            let set = try policies(
                #"{"conditions": {"context.\#(name)": {"exists": true}}, "action": "auto_approve", "trustContext": true}"#
            )
            #expect(try decision(set, "{}") == .requireApproval)
        }
    }

    @Test(
        "10: a text with a line break satisfies no pattern of an approval, and escapes none of a deny or a question",
        arguments: [
            "x\\ny@mycompany.com", "y@mycompany.com\\n", "y@evil.com\\u0000@mycompany.com", "\\u2028@mycompany.com",
        ])
    func lineBreaks(value: String) throws {
        let scope = #"{"to": "\#(value)"}"#
        let good = #"{"conditions": {"scope.to": {"matches": "@mycompany\\.com$"}}, "action": "auto_approve"}"#
        #expect(try decision(policies(good), scope) == .requireApproval)
        #expect(try decision(policies(good), #"{"to": "y@mycompany.com"}"#) == .autoApprove)
        let all = #"{"conditions": {"action": {"startsWith": "bank."}}, "action": "auto_approve"}"#
        for (action, expected) in [("deny", PolicyAction.deny), ("require_approval", .requireApproval)] {
            let bad = #"{"priority": 9, "conditions": {"scope.to": {"matches": "^evil$"}}, "action": "\#(action)"}"#
            #expect(try decision(policies(all, bad), scope) == expected)
        }
    }

    @Test(
        "10: a name with dots that could be the path is never enough to approve, and never escapes a deny or a question",
        arguments: [
            #"{"a.b": 50}"#, #"{"a": {"b": 50}, "a.b": 5000}"#, #"{"a.b": 50, "a": {"b": 50}}"#, #"{"a.b": {"c": 50}}"#,
            #"{"a": {"b": 50}, "a.b.c": 1}"#, #"{"a": {"b.c": 50, "b": 50}}"#,
        ])
    func ambiguousPaths(scope: String) throws {
        let small = #"{"conditions": {"scope.a.b": {"lessThan": 100}}, "action": "auto_approve"}"#
        #expect(try decision(policies(small), scope) == .requireApproval)
        #expect(try decision(policies(small), #"{"a": {"b": 50, "c.d": 1}, "b.a": 2}"#) == .autoApprove)
        let all = #"{"conditions": {"action": {"startsWith": "bank."}}, "action": "auto_approve"}"#
        for (action, expected) in [("deny", PolicyAction.deny), ("require_approval", .requireApproval)] {
            for test in [#"{"greaterThan": 1000}"#, #"{"exists": true}"#, #"{"exists": false}"#, #"{"equals": 7}"#] {
                let rule = #"{"priority": 9, "conditions": {"scope.a.b": \#(test)}, "action": "\#(action)"}"#
                #expect(try decision(policies(all, rule), scope) == expected, "\(test)")
            }
        }
    }

    @Test("13: a name with a dot in it is not the way to a field of a field")
    func dottedNames() throws {
        let set = try policies(
            #"{"conditions": {"scope.a.b": {"equals": "good"}}, "action": "auto_approve"}"#)
        #expect(try decision(set, #"{"a": {"b": "good"}}"#) == .autoApprove)
        #expect(try decision(set, #"{"a.b": "good"}"#) == .requireApproval)
        #expect(try decision(set, #"{"a": "good", "b": "good"}"#) == .requireApproval)
        for path in ["scope", "scope.", "scope..a", ".scope.a", "context", "scopes.a", "request.scope.a", "Action", ""]
        {
            #expect(try faults(#"{"conditions": {"\#(path)": {"equals": "a.b"}}}"#).count == 1, "\(path)")
        }
    }

    @Test("14: an invalid pattern is refused when the policy is made")
    func invalidPattern() throws {
        #expect(
            try faults(#"{"conditions": {"resource": {"matches": "a("}}}"#) == [
                "conditions.resource.matches is not a valid pattern: missing ): a("
            ])
        #expect(try faults(#"{"scopeTemplate": {"to_pattern": "(?=a)"}}"#).count == 1)
    }

    @Test(
        "15: an action is lower-case category.operation, and nothing else gets past a rule about one",
        arguments: [
            "Bank.Transfer", "bank", "", ".", "bank.", ".transfer", "bank..transfer", "bank.transfer ", "bank transfer",
            "bank.trânsfer", "bank.transfer\n", "ｂank.transfer", "bank/transfer", "bank.*", "bank.transfer\0",
        ])
    func actions(action: String) throws {
        #expect(throws: PolicyError(.invalidRequest, [])) { try facts(action) }
        #expect(!ActionName.isValid(action))
    }

    @Test("15: a rule about an action that cannot be is refused, because it would never match")
    func impossibleActions() throws {
        for test in [
            #"{"equals": "Bank.Transfer"}"#, #"{"equals": "bank.*"}"#, #"{"in": ["bank.a", "Bank.b"]}"#,
            #"{"startsWith": "Bank."}"#, #"{"startsWith": "bank.*"}"#, #"{"notEquals": "bank"}"#,
        ] {
            #expect(try faults(#"{"conditions": {"action": \#(test)}}"#).count == 1, "\(test)")
        }
        for action in ["bank.transfer", "a.b", "aws.s3.get-object_2", "0.1"] { #expect(ActionName.isValid(action)) }
        #expect(ActionName.isValid("a." + String(repeating: "b", count: 253)))
        #expect(!ActionName.isValid("a." + String(repeating: "b", count: 254)))
    }

    @Test("24: approving by what the agent says of itself needs trustContext")
    func context() throws {
        let rule = #"{"conditions": {"context.reason": {"contains": "invoice"}}, "action": "auto_approve""#
        #expect(
            try faults(rule + "}") == [
                "conditions.context.reason is the agent's own word, and this would approve by it; say trustContext: true "
                    + "if that is meant"
            ])
        #expect(try faults(rule + #", "trustContext": true}"#) == [])
        #expect(try faults(rule.replacing("auto_approve", with: "deny") + "}") == [])
        #expect(try faults(rule.replacing("auto_approve", with: "require_approval") + "}") == [])
    }

    @Test("a denial can be tried with a test key, and with no other")
    func simulatedDenial() throws {
        let set = try policies(#"{"conditions": {"action": {"equals": "a.b"}}, "action": "auto_approve"}"#)
        let context = #"{"_test_deny": true}"#
        #expect(try set.evaluate(facts("a.b", context: context, isTest: true)).action == .deny)
        #expect(try set.evaluate(facts("a.b", context: context)).action == .autoApprove)
        #expect(
            try set.evaluate(facts("a.b", context: #"{"_test_deny": "true"}"#, isTest: true)).action == .autoApprove)
        #expect(try set.explain(facts("a.b", context: context, isTest: true)).rules.isEmpty)
    }
}
