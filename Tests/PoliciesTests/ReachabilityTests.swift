import Testing

@testable import Policies

/// Rules that can never decide are refused.
@Suite struct ReachabilityTests {
    private func refused(_ texts: String..., concerned: String? = nil) throws -> [String] {
        let set = try PolicySet(texts.map { try policy($0) })
        do throws(PolicyError) {
            try set.checkReachable { concerned == nil || $0.name == concerned }
            return []
        } catch {
            #expect(error == PolicyError(.unreachablePolicy, []))
            return error.faults.map(\.description)
        }
    }

    private let everything = #"{"name": "everything", "priority": 5, "action": "deny"}"#
    private let below = #"{"name": "below", "priority": 4, "conditions": {"action": {"equals": "a.b"}}}"#
    private let above = #"{"name": "above", "priority": 6, "conditions": {"action": {"equals": "a.b"}}}"#

    @Test("a rule below one without conditions is refused, and the message names both")
    func shadowed() throws {
        #expect(
            try refused(below, everything, above) == [
                "policy \"below\": conditions can never decide: \"everything\" (deny, priority 5) matches every request "
                    + "before; give this one a higher priority, or that one conditions"
            ])
    }

    @Test("a rule whose requests an earlier one with wider conditions takes is refused")
    func implied() throws {
        func rule(_ name: String, _ priority: Int, _ conditions: String, _ action: String = "deny") -> String {
            #"{"name": "\#(name)", "priority": \#(priority), "conditions": \#(conditions), "action": "\#(action)"}"#
        }
        let bank = rule("bank", 9, #"{"action": {"startsWith": "bank."}}"#)
        for hidden in [
            #"{"action": {"equals": "bank.read"}}"#, #"{"action": {"in": ["bank.read", "bank.send"]}}"#,
            #"{"action": {"startsWith": "bank.transfer"}}"#,
            #"{"scope.amount": {"lessThan": 5}, "action": {"equals": "bank.read"}}"#,
        ] {
            #expect(try refused(bank, rule("below", 1, hidden)).count == 1)
            #expect(try refused(bank, rule("above", 10, hidden)) == [])
        }
        for reached in [
            #"{"action": {"in": ["bank.read", "file.read"]}}"#, #"{"action": {"startsWith": "ban"}}"#,
            #"{"scope.amount": {"lessThan": 5}}"#, #"{"resource": {"startsWith": "bank."}}"#,
        ] {
            #expect(try refused(bank, rule("below", 1, reached)) == [])
        }
        let small = #"{"scope.amount": {"lessThan": 5}}"#
        #expect(try refused(rule("deny", 9, small), rule("below", 1, small)).count == 1)
        // An amount of the wrong type is no match for the approval, and one for the denial.
        #expect(try refused(rule("approve", 9, small, "auto_approve"), rule("below", 1, small)) == [])
    }

    @Test("at equal priority it is the action that decides which one comes first")
    func equalPriority() throws {
        let approve =
            #"{"name": "approve", "priority": 5, "conditions": {"action": {"equals": "a.b"}}, "action": "auto_approve"}"#
        #expect(try refused(approve, everything).count == 1)
        let approveAll =
            #"{"name": "all", "priority": 5, "matchAll": true, "conditions": {}, "action": "auto_approve"}"#
        #expect(
            try refused(approveAll, #"{"name": "deny", "priority": 5, "conditions": {"action": {"equals": "a.b"}}}"#)
                == [])
    }

    @Test("a rule of one agent without conditions hides that agent's rules only")
    func agents() throws {
        let all = #"{"name": "all of 1", "priority": 5, "agentId": "agent-1", "action": "deny"}"#
        let same = #"{"name": "same", "agentId": "agent-1", "conditions": {"action": {"equals": "a.b"}}}"#
        let other = #"{"name": "other", "agentId": "agent-2", "conditions": {"action": {"equals": "c.d"}}}"#
        #expect(try refused(all, same, other, below).count == 1)
    }

    @Test("a denial that is always meant hides what has no higher rank")
    func always() throws {
        #expect(try refused(above, #"{"name": "always", "always": true, "action": "deny"}"#).count == 1)
    }

    @Test("a rule that is not active hides nothing and is not hidden")
    func inactive() throws {
        #expect(try refused(below, #"{"name": "off", "priority": 9, "isActive": false}"#) == [])
    }

    @Test("who adds one rule hears of that one only")
    func concerned() throws {
        #expect(try refused(below, everything, concerned: "everything") == [])
        #expect(try refused(below, everything, concerned: "below").count == 1)
    }
}
