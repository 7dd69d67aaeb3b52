import Testing

@testable import Policies

/// Policies in a file, and the tests beside them.
@Suite struct PolicyFileTests {
    private func file(_ text: String) throws(PolicyFileError) -> PolicyFile {
        try PolicyFile(bytes: Array(text.utf8), name: "policies.yaml")
    }

    private func faults(_ text: String) -> [String] {
        do throws(PolicyFileError) {
            _ = try file(text)
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    private let rules = #"""
        # What our agents may do.
        policies:
          - name: Reading
            conditions: {action: {startsWith: file.}}
            action: auto_approve
          - name: Small transfers
            priority: 10
            conditions:
              action: {equals: bank.transfer}
              scope.max_amount: {less_than: 100.5}
              time.hour: {greaterThanOrEqual: 9, lessThan: 17, zone: Europe/Berlin}
            action: auto_approve
            scope_template: {max_amount: 100, currency: EUR, note_pattern: '^\w+$'}
          - name: Nothing else
            priority: -1000
            conditions: {}
            action: deny
        tests:
          - name: reading needs nobody
            request: {action: file.read}
            expect: approved
            policy: Reading
          - request:
              action: bank.transfer
              scope: {max_amount: 100, currency: EUR}
              time: 2026-05-04T09:30:00+02:00
            expect: approved
            scope: {max_amount: 100, currency: EUR, note_pattern: '^\w+$'}
          - name: not at night
            request: {action: bank.transfer, scope: {max_amount: 50}, time: 2026-05-04T03:30:00Z}
            expect: denied
            policy: Nothing else
        """#

    @Test("a file gives its policies in its order, and tests that pass")
    func example() throws {
        let file = try file(rules)
        #expect(file.policies.map(\.name) == ["Reading", "Small transfers", "Nothing else"])
        #expect(file.set.policies.map(\.name) == ["Small transfers", "Reading", "Nothing else"])
        #expect(file.tests.map(\.name) == ["reading needs nobody", "bank.transfer", "not at night"])
        #expect(file.tests.map(\.line) == [19, 23, 29])
        for test in file.tests { #expect(test.run(on: file.set).differences == []) }
        let json = try policy(
            #"{"name": "Small transfers", "priority": 10, "conditions": {"action": {"equals": "bank.transfer"}, "scope.max_amount": {"lessThan": 100.5}, "time.hour": {"greaterThanOrEqual": 9, "lessThan": 17, "zone": "Europe/Berlin"}}, "action": "auto_approve", "scopeTemplate": {"max_amount": 100, "currency": "EUR", "note_pattern": "^\\w+$"}}"#
        )
        #expect(file.policies[1] == json)
    }

    @Test("a test that fails says what was expected and what came, and why")
    func failing() throws {
        let file = try file(
            """
            policies:
              - {name: Reading, conditions: {action: {equals: file.read}}, action: auto_approve}
            tests:
              - {name: t, request: {action: file.write}, expect: approved, policy: Reading, scope: {max_x: 1}}
            """)
        let result = file.tests[0].run(on: file.set)
        #expect(!result.passed)
        #expect(
            result.differences == [
                "expected approved, got pending: No policy matches, so a person has to decide.",
                "expected \"Reading\" to decide, but no policy did", "expected the scope {\"max_x\":1}, got {}",
            ])
    }

    @Test("a request of a test can be anybody's at any time")
    func facts() throws {
        let test = try #require(
            try file(
                """
                policies: []
                tests:
                  - request: {action: a.b, agentId: x, resource: r, context: {c: 1}, test: true, requestsInLastHour: 7}
                    expect: pending
                """
            ).tests.first)
        #expect(test.facts.agentId == "x")
        #expect(test.facts.resource == "r")
        #expect(test.facts.context == ["c": 1])
        #expect(test.facts.isTest)
        #expect(test.facts.requestsInLastHour == 7)
    }

    @Test("each fault names file, line and rule, all of them at once, and nothing is given")
    func faults() {
        #expect(
            faults(
                """
                policies:
                  - name: First
                    conditions:
                      scope.amount: {lesThan: 5,
                                     greaterThan: ten}
                    action: auto_approve
                  - name: Second
                    prority: 7
                    conditions:
                      action: {equals: Bank.Transfer}
                  - name: First
                    conditions: {}
                    action: deny
                tests:
                  - name: t
                    request: {action: file}
                    expect: maybe
                """) == [
                    "policies.yaml:4: policy \"First\": conditions.scope.amount.lesThan is no operator (did you mean "
                        + "lessThan?); there are equals, notEquals, lessThan, greaterThan, lessThanOrEqual, "
                        + "greaterThanOrEqual, startsWith, endsWith, contains, matches, in, notIn, exists",
                    "policies.yaml:5: policy \"First\": conditions.scope.amount.greaterThan must be a number",
                    "policies.yaml:7: policy \"Second\": action is missing: one of auto_approve, require_approval, deny",
                    "policies.yaml:8: policy \"Second\": prority is not known here; did you mean priority?",
                    "policies.yaml:10: policy \"Second\": conditions.action.equals must be lower-case "
                        + "category.operation; for all of a category use startsWith",
                    "policies.yaml:16: test \"t\": request.action must be lower-case category.operation, such as file.read",
                    "policies.yaml:17: test \"t\": expect must be one of approved, pending, denied",
                ])
    }

    @Test("two policies of one name, and a rule that can never decide, are refused with their lines")
    func together() {
        let rule = { (name: String, priority: Int, conditions: String) in
            "  - {name: \(name), priority: \(priority), conditions: \(conditions), action: deny}\n"
        }
        #expect(
            faults("policies:\n" + rule("a", 1, "{resource: {equals: x}}") + rule("a", 2, "{resource: {equals: y}}"))
                == [
                    "policies.yaml:3: policy \"a\": name stands here a second time, first in line 2"
                ])
        #expect(
            faults("policies:\n" + rule("a", 1, "{resource: {equals: x}}") + rule("b", 2, "{}")).first?
                .hasPrefix("policies.yaml:2: policy \"a\": conditions can never decide: \"b\" (deny, priority 2)")
                == true)
    }

    @Test(
        "what YAML's versions read differently has to be written so that all read the same",
        arguments: [
            ("yes", "yes may mean a text or true or false; write true, false or \"yes\""),
            ("True", "True may mean a text or true or false; write true, false or \"True\""),
            ("0x1F", "0x1F may mean a text or a number; write it in decimal digits, or in quotes"),
            ("1_000", "1_000 may mean a text or a number; write it in decimal digits, or in quotes"),
            ("010", "010 may mean a text or a number; write it in decimal digits, or in quotes"),
            (".5", ".5 may mean a text or a number; write it in decimal digits, or in quotes"),
            ("+5", "+5 may mean a text or a number; write it in decimal digits, or in quotes"),
            (
                "0.10000000000000001",
                "0.10000000000000001 has more digits than are kept; write fewer, or put it in quotes"
            ),
        ])
    func ambiguous(value: String, message: String) {
        #expect(
            faults("policies:\n  - name: n\n    conditions: {scope.x: {equals: \(value)}}\n    action: deny\n") == [
                "policies.yaml:3: \(message)"
            ])
    }

    @Test(
        "an unquoted value is true, false, a number or a text",
        arguments: [
            ("true", "true"), ("5", "5"), ("-1.5e3", "-1500"), ("file.", #""file.""#), ("2026-05-04", #""2026-05-04""#),
            ("10.0.0.1", #""10.0.0.1""#), ("'5'", #""5""#), ("\"yes\"", #""yes""#), ("-", #""-""#),
        ])
    func scalars(written: String, read: String) throws {
        let file = try file(
            "policies:\n  - name: n\n    conditions: {scope.x: {equals: \(written)}}\n    action: deny\n")
        #expect(file.policies[0].conditions[0].expected.description == read)
    }

    @Test(
        "what is no list of policies is refused as a whole",
        arguments: [
            ("", "policies.yaml: has no policies: (an empty list is [])"),
            ("tests: []", "policies.yaml: has no policies: (an empty list is [])"),
            ("policies: {}", "policies.yaml:1: policies must be a list of entries, not a section"),
            (
                "policies: []\nrules: []",
                "policies.yaml:2: unknown setting \"rules\"; allowed here: policies, tests"
            ),
            ("policies: [5]", "policies.yaml:1: policy: must be an object"),
            ("policies: [&a {name: n}, *a]", "policies.yaml:1: anchors (&) are not allowed in this file"),
            (
                "policies:\n  - name: a\n    name: b",
                "policies.yaml:3: \"name\" stands here a second time; the first is in line 2"
            ),
        ])
    func noPolicies(text: String, message: String) {
        #expect(faults(text).first == message)
    }

    @Test("a file that is not there applies nothing, and an empty list is a set of none")
    func empty() throws {
        #expect(throws: PolicyFileError.self) { try PolicyFile(path: "/nowhere/policies.yaml") }
        #expect(try file("policies: []").policies.isEmpty)
    }

    @Test("a thousand policies are read from one file, 2,001 are refused")
    func many() throws {
        let list = { (count: Int) in
            "policies:\n"
                + (0..<count).map { "  - {name: n\($0), conditions: {action: {equals: a.b\($0)}}, action: deny}\n" }
                .joined()
        }
        #expect(try file(list(1_000)).policies.count == 1_000)
        #expect(faults(list(2_001)) == ["policies.yaml: policies must be at most 2000"])
    }
}
