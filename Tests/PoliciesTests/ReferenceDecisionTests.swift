import Testing

@testable import Policies

/// The decisions that the dialect's page gives as reference.
@Suite struct ReferenceDecisionTests {
    @Test("without a policy a person has to decide")
    func noPolicy() throws {
        let verdict = try policies().evaluate(facts("unknown.action"))
        #expect(verdict.action == .requireApproval)
        #expect(verdict.policy == nil)
        #expect(verdict.reason == "No policy matches, so a person has to decide.")
    }

    @Test("action equals file.read approves file.read, and the reason names the policy")
    func equals() throws {
        let set = try policies(
            #"{"name": "Reading", "conditions": {"action": {"equals": "file.read"}}, "action": "auto_approve"}"#)
        let verdict = try set.evaluate(facts("file.read"))
        #expect(verdict.action == .autoApprove)
        #expect(verdict.policy?.name == "Reading")
        #expect(verdict.reason == "Policy \"Reading\" approves this.")
        #expect(try set.evaluate(facts("file.write")).action == .requireApproval)
    }

    @Test("a deny on the start of an action denies bank.transfer")
    func startsWith() throws {
        let set = try policies(
            #"{"priority": 100, "conditions": {"action": {"startsWith": "bank."}}, "action": "deny"}"#)
        #expect(try set.evaluate(facts("bank.transfer")).action == .deny)
    }

    @Test("a pattern on the recipient approves colleagues and asks about others")
    func matches() throws {
        let set = try policies(
            #"""
            {"conditions": {"action": {"equals": "gmail.send"}, "context.recipient": {"matches": ".*@mycompany\\.com$"}},
             "action": "auto_approve", "trustContext": true}
            """#)
        let colleague = try facts("gmail.send", context: #"{"recipient": "colleague@mycompany.com"}"#)
        let stranger = try facts("gmail.send", context: #"{"recipient": "external@other.com"}"#)
        #expect(set.evaluate(colleague).action == .autoApprove)
        #expect(set.evaluate(stranger).action == .requireApproval)
    }

    @Test("an amount below 100 is approved, 500 is asked about")
    func lessThan() throws {
        let set = try policies(
            #"{"conditions": {"scope.amount": {"lessThan": 100}}, "action": "auto_approve"}"#)
        #expect(try set.evaluate(facts("bank.transfer", scope: #"{"amount": 50}"#)).action == .autoApprove)
        #expect(try set.evaluate(facts("bank.transfer", scope: #"{"amount": 500}"#)).action == .requireApproval)
    }

    @Test("what is approved at priority 10 is not denied at -1000, everything else is")
    func priorities() throws {
        let set = try policies(
            #"{"priority": -1000, "action": "deny"}"#,
            #"{"priority": 10, "conditions": {"action": {"startsWith": "file."}}, "action": "auto_approve"}"#)
        #expect(try set.evaluate(facts("file.read")).action == .autoApprove)
        #expect(try set.evaluate(facts("unknown.action")).action == .deny)
    }

    @Test("an agent's own deny counts for that agent only")
    func agents() throws {
        let set = try policies(
            #"{"priority": 100, "agentId": "agent-1", "conditions": {"action": {"equals": "test.action"}}, "action": "deny"}"#,
            #"{"priority": 10, "conditions": {"action": {"equals": "test.action"}}, "action": "auto_approve"}"#)
        #expect(try set.evaluate(facts("test.action", agent: "agent-1")).action == .deny)
        #expect(try set.evaluate(facts("test.action", agent: "agent-2")).action == .autoApprove)
    }
}
