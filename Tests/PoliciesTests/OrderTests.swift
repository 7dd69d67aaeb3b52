import Testing

@testable import Policies

/// Which of several policies decides.
@Suite struct OrderTests {
    private static let all = #""conditions": {"action": {"contains": "."}}"#

    private func deciding(_ texts: String..., for facts: PermissionFacts) throws -> String? {
        try PolicySet(texts.map { try policy($0) }).evaluate(facts).policy?.name
    }

    @Test("the highest priority decides, whatever the order in which policies were made")
    func priority() throws {
        let low = #"{"name": "low", "priority": -5, \#(Self.all), "action": "deny"}"#
        let none = #"{"name": "none", \#(Self.all), "action": "deny"}"#
        let high = #"{"name": "high", "priority": 5, \#(Self.all), "action": "auto_approve"}"#
        let request = try facts("file.read")
        #expect(try deciding(low, none, high, for: request) == "high")
        #expect(try deciding(high, low, none, for: request) == "high")
        #expect(try deciding(low, none, for: request) == "none")
    }

    @Test("at equal priority deny decides before require_approval, and that before auto_approve")
    func actions() throws {
        let approve = #"{"name": "approve", \#(Self.all), "action": "auto_approve"}"#
        let ask = #"{"name": "ask", \#(Self.all), "action": "require_approval"}"#
        let deny = #"{"name": "deny", \#(Self.all), "action": "deny"}"#
        let request = try facts("file.read")
        #expect(try deciding(approve, ask, deny, for: request) == "deny")
        #expect(try deciding(approve, ask, for: request) == "ask")
        #expect(try deciding(approve, for: request) == "approve")
    }

    @Test("of two that are equal in all this, the first one given decides")
    func given() throws {
        let one = #"{"name": "one", "conditions": {"action": {"equals": "file.read"}}, "action": "auto_approve"}"#
        let two = #"{"name": "two", \#(Self.all), "action": "auto_approve"}"#
        #expect(try deciding(one, two, for: facts("file.read")) == "one")
        #expect(try deciding(two, one, for: facts("file.read")) == "two")
    }

    @Test("a deny that is always meant comes before every priority")
    func always() throws {
        let high = #"{"name": "high", "priority": 1000000, \#(Self.all), "action": "auto_approve"}"#
        let always = #"{"name": "always", "priority": -1000000, "always": true, \#(Self.all), "action": "deny"}"#
        #expect(try deciding(high, always, for: facts("file.read")) == "always")
    }

    @Test("a policy that is not active decides nothing")
    func inactive() throws {
        let off = #"{"name": "off", "priority": 9, "isActive": false, \#(Self.all), "action": "auto_approve"}"#
        #expect(try deciding(off, for: facts("file.read")) == nil)
    }

    @Test("a verdict refers to the policy as the store knows it, in the version that decided")
    func reference() throws {
        let stored = try policy(#"{"name": "Stored", \#(Self.all)}"#).stored(as: "pol_1", version: 7)
        let verdict = try PolicySet([stored]).evaluate(facts("file.read"))
        #expect(verdict.policy == PolicyReference(id: "pol_1", version: 7, name: "Stored"))
    }

    @Test("2,000 policies make a set, 2,001 do not")
    func largest() throws {
        let one = try policy("{}")
        _ = try PolicySet(Array(repeating: one, count: 2_000))
        #expect(throws: PolicyError(.tooManyPolicies, [])) { try PolicySet(Array(repeating: one, count: 2_001)) }
    }

    @Test("a two-person rule and number matching reach the verdict of a rule that asks, and nothing else does")
    func demand() throws {
        let set = try policies(
            #"{"conditions": {"action": {"equals": "bank.transfer"}}, "action": "require_approval", "approvers": 2, "numberMatching": true}"#
        )
        #expect(
            try set.evaluate(facts("bank.transfer")).approval == ApprovalDemand(approvers: 2, numberMatching: true))
        #expect(try set.evaluate(facts("bank.balance")).approval == .standard)
    }
}
