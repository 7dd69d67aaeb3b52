import Testing

@testable import Policies

/// What an applied set changes.
@Suite struct PolicyDiffTests {
    private let reading =
        #"{"name": "Reading", "conditions": {"action": {"equals": "file.read"}}, "action": "auto_approve"}"#
    private let small =
        #"{"name": "Small", "priority": 5, "conditions": {"scope.amount": {"lessThan": 100}}, "action": "auto_approve"}"#

    private func diff(_ old: [String], _ new: [String]) throws -> PolicyDiff {
        try PolicyDiff(from: old.map { try policy($0) }, to: new.map { try policy($0) })
    }

    @Test("added, removed and changed rules are told apart, and changes are told field by field")
    func text() throws {
        let changed =
            #"{"name": "Small", "priority": 6, "conditions": {"scope.amount": {"lessThan": 200}, "scope.currency": {"equals": "EUR"}}, "action": "auto_approve", "scopeTemplate": {"max_amount": 200}}"#
        let added =
            #"{"name": "Wires", "conditions": {"action": {"equals": "bank.wire"}}, "action": "require_approval", "approvers": 2}"#
        #expect(
            try diff([reading, small], [changed, added]).description == """
                - "Reading" (auto_approve)
                + "Wires" (require_approval)
                    priority: 0
                    conditions.action.equals: "bank.wire"
                    approvers: 2
                    isActive: true
                ~ "Small" (auto_approve)
                    priority: 5 → 6
                    conditions.scope.amount.lessThan: 100 → 200
                    conditions.scope.currency.equals: (none) → "EUR"
                    scopeTemplate.max_amount: (none) → 200
                """)
    }

    @Test("two spellings of the same policy are no change, and neither are ids and versions")
    func same() throws {
        let spelled =
            #"{"action": "auto_approve", "conditions": {"scope.amount": {"less_than": 1e2}}, "priority": 5, "name": "Small", "always": false}"#
        let diff = PolicyDiff(from: [try policy(small).stored(as: "pol_1", version: 3)], to: [try policy(spelled)])
        #expect(diff.isEmpty)
        #expect(diff.description == "no changes")
    }

    @Test("another order of rules of equal rank is a change, of others it is none")
    func order() throws {
        let twin = reading.replacing("Reading", with: "Twin")
        #expect(try diff([reading, twin], [twin, reading]).isReordered)
        #expect(try diff([reading, small], [small, reading]).isEmpty)
        #expect(try !diff([reading], [twin, reading]).isReordered)
    }

    @Test("of two stored rules with one name the first is compared, the second removed")
    func sameName() throws {
        let diff = try diff([reading, reading], [reading])
        #expect(diff.removed.count == 1)
        #expect(diff.changed.isEmpty)
    }
}
