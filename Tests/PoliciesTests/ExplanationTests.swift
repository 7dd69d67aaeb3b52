import JOSE
import Testing

@testable import Policies

/// Why the policies said what they said.
@Suite struct ExplanationTests {
    private func set() throws -> PolicySet {
        try policies(
            #"{"name": "Small", "priority": 5, "conditions": {"action": {"equals": "bank.transfer"}, "scope.amount": {"lessThan": 100}}, "action": "auto_approve"}"#,
            #"{"name": "Large", "priority": 4, "conditions": {"scope.amount": {"greaterThan": 1000}}, "action": "deny"}"#,
            #"{"name": "Others", "priority": 4, "agentId": "agent-2", "conditions": {"action": {"equals": "a.b"}}, "action": "deny"}"#,
            #"{"name": "Rest", "conditions": {"action": {"startsWith": "bank."}}, "action": "require_approval"}"#)
    }

    @Test("each rule, each condition and the value seen there are named, in the order in which the rules decide")
    func text() throws {
        #expect(
            try set().explain(facts("bank.transfer", scope: #"{"amount": "5000"}"#)).description == """
                deny: Policy "Large" denies this.
                1. "Small" (auto_approve, priority 5) does not match
                   ✓ action equals "bank.transfer": "bank.transfer" is there
                   ? scope.amount lessThan 100: "5000" is there, which cannot be compared; never enough to approve
                2. "Large" (deny, priority 4) decides
                   ? scope.amount greaterThan 1000: "5000" is there, which cannot be compared; counts as a match, to be safe
                3. "Others" (deny, priority 4) is not reached
                4. "Rest" (require_approval, priority 0) is not reached
                """)
    }

    @Test("another agent's rule, a missing value and the scope that is granted are told")
    func more() throws {
        let explanation = try set().explain(facts("bank.transfer"))
        #expect(explanation.rules.map(\.outcome) == [.doesNotMatch, .doesNotMatch, .otherAgent, .decides])
        #expect(explanation.rules[1].conditions.first?.why == "the request has nothing there")
        #expect(explanation.rules[1].conditions.first?.seen == nil)
        #expect(explanation.description.hasPrefix("require_approval: Policy \"Rest\" asks a person.\nscope: {}\n"))
    }

    @Test("without a matching rule the explanation says so")
    func noMatch() throws {
        let explanation = try set().explain(facts("file.read"))
        #expect(explanation.verdict.policy == nil)
        #expect(explanation.rules.allSatisfy { $0.outcome != .decides })
    }

    @Test("an explanation as JSON has the same in it")
    func document() throws {
        let document = try set().explain(facts("bank.transfer", scope: #"{"amount": 5}"#)).document
        #expect(document["decision"] == "auto_approve")
        #expect(document["reason"] == "Policy \"Small\" approves this.")
        #expect(document["policy"]?["name"] == "Small")
        #expect(document["scope"] == ["amount": 5])
        let condition = document["rules"]?.elements?.first?["conditions"]?.elements?.last
        #expect(
            condition == [
                "field": "scope.amount", "operator": "lessThan", "expected": 100, "seen": 5, "outcome": "holds",
                "why": "5 is there",
            ])
    }

    @Test("21: what an agent writes stays on one line of the explanation and is cut")
    func hostileValues() throws {
        let set = try policies(#"{"conditions": {"context.x": {"equals": "a"}}}"#)
        let context: JSONValue = ["x": .string("line\nbreak\u{202e}" + String(repeating: "y", count: 500))]
        let text = set.explain(try facts("a.b", context: context.description)).description
        #expect(text.split(separator: "\n").count == 4)
        #expect(!text.contains("\u{202e}"))
        #expect(text.count < 400)
    }
}
