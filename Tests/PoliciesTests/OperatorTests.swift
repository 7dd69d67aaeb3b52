import JOSE
import Testing

@testable import Policies

/// What each operator says about each kind of value: `h` holds, `f` fails, `u` unsure.
@Suite struct OperatorTests {
    private func finding(_ test: String, _ value: String?) throws -> Finding {
        let rule = try policy(
            #"{"conditions": {"scope.x": {\#(test)}}, "action": "require_approval"}"#)
        return try #require(rule.conditions.first).test.finding(for: value.map { try json($0) })
    }

    @Test(
        "compares values of its kind exactly, and is unsure about others",
        arguments: [
            (#""equals": "a""#, [#""a""#: "h", #""b""#: "f", #""A""#: "f", "1": "u", #"["a"]"#: "u", "{}": "u"]),
            (#""equals": 5"#, ["5": "h", "5.0": "h", "5e0": "h", "5.1": "f", #""5""#: "u", "[5]": "u", "true": "u"]),
            (#""equals": true"#, ["true": "h", "false": "f", "1": "u", #""true""#: "u"]),
            (#""notEquals": "a""#, [#""a""#: "f", #""b""#: "h", "1": "u", #"["a"]"#: "u"]),
            (#""lessThan": 100"#, ["99.99": "h", "100": "f", "-1e300": "h", #""50""#: "u", "[50]": "u", "{}": "u"]),
            (#""greaterThan": 1000"#, ["1000.01": "h", "1000": "f", #""5000""#: "u", "[5000]": "u", "true": "u"]),
            (#""lessThanOrEqual": 100"#, ["100": "h", "100.0": "h", "100.5": "f"]),
            (#""greaterThanOrEqual": 100"#, ["100": "h", "99": "f", "1e2": "h"]),
            (#""startsWith": "ab""#, [#""abc""#: "h", #""ab""#: "h", #""a""#: "f", #""Ab""#: "f", "1": "u"]),
            (#""endsWith": "bc""#, [#""abc""#: "h", #""bcd""#: "f", #""c""#: "f", "1": "u"]),
            (
                #""contains": "b""#,
                [#""abc""#: "h", #""ac""#: "f", #"["b"]"#: "h", #"["abc"]"#: "f", #"["a", 1]"#: "u"]
            ),
            (#""contains": 5"#, ["[4, 5.0]": "h", "[4]": "f", #"["5"]"#: "u", #""5""#: "u", "5": "u"]),
            (#""matches": "^a+$""#, [#""aa""#: "h", #""ab""#: "f", "1": "u", #"["a"]"#: "u"]),
            (#""in": ["a", 5]"#, [#""a""#: "h", "5.0": "h", #""b""#: "f", "6": "f", "true": "u", #"["a"]"#: "u"]),
            (#""notIn": ["a"]"#, [#""a""#: "f", #""b""#: "h", "5": "u", #"["a"]"#: "u"]),
            (#""exists": true"#, ["0": "h", #""""#: "h", "false": "h", "[]": "h"]),
            (#""exists": false"#, ["0": "f"]),
        ])
    func values(test: String, expected: [String: String]) throws {
        for (value, letter) in expected {
            let word = try finding(test, value)
            #expect("\(word)".first == letter.first, "\(test) of \(value)")
        }
    }

    @Test(
        "is unsure about null, whatever it compares with",
        arguments: [
            #""equals": "a""#, #""notEquals": "a""#, #""lessThan": 1"#, #""contains": "a""#, #""in": ["a"]"#,
            #""notIn": ["a"]"#, #""exists": true"#, #""exists": false"#, #""matches": "a""#,
        ])
    func null(test: String) throws {
        #expect(try finding(test, "null") == .unsure)
    }

    @Test("finds nothing in a value that is not there, and is unsure where the condition is that it differs")
    func absent() throws {
        for test in [#""equals": "a""#, #""lessThan": 1"#, #""startsWith": "a""#, #""contains": "a""#, #""in": [1]"#] {
            #expect(try finding(test, nil) == .fails)
        }
        #expect(try finding(#""exists": true"#, nil) == .fails)
        #expect(try finding(#""exists": false"#, nil) == .holds)
        #expect(try finding(#""notEquals": "a""#, nil) == .unsure)
        #expect(try finding(#""notIn": ["a"]"#, nil) == .unsure)
    }

    @Test(
        "numbers are compared exactly, beyond what a double can tell apart",
        arguments: [
            (#""lessThan": 9007199254740993"#, "9007199254740992", "h"),
            (#""lessThan": 9007199254740993"#, "9007199254740993", "f"),
            (#""equals": 9007199254740993"#, "9007199254740992", "f"),
            (#""equals": 9007199254740993"#, "9007199254740992.0", "f"),
            (#""greaterThan": 9223372036854775807"#, "9223372036854775808", "h"),
            (#""greaterThan": 9223372036854775807"#, "1e400000", "f"),
            (#""lessThan": -9223372036854775808"#, "-1e19", "h"),
            (#""equals": 0"#, "-0.0", "h"),
            (#""lessThan": 1"#, "0.9999999999999999", "h"),
        ])
    func exact(test: String, value: String, expected: String) throws {
        // A number that no double holds is refused where JSON is read.
        guard let value = try? json(value) else { return #expect(value == "1e400000") }
        let rule = try policy(#"{"conditions": {"scope.x": {\#(test)}}}"#)
        #expect("\(rule.conditions[0].test.finding(for: value))".first == expected.first)
    }

    @Test("texts that only look alike are not equal")
    func bytes() throws {
        #expect(try finding("\"equals\": \"jos\\u00e9\"", "\"jose\\u0301\"") == .fails)
        #expect(try finding("\"equals\": \"jos\\u00e9\"", "\"jos\\u00e9\"") == .holds)
        #expect(try finding("\"in\": [\"jos\\u00e9\"]", "\"jose\\u0301\"") == .fails)
    }

    @Test(
        "is also read in the spelling of the original's documentation",
        arguments: [
            ("not_equals", #""a""#, "notEquals"), ("less_than", "1", "lessThan"), ("greater_than", "1", "greaterThan"),
            ("less_than_or_equal", "1", "lessThanOrEqual"), ("greater_than_or_equal", "1", "greaterThanOrEqual"),
            ("starts_with", #""a""#, "startsWith"), ("ends_with", #""a""#, "endsWith"), ("not_in", #"["a"]"#, "notIn"),
        ])
    func snakeCase(written: String, value: String, read: String) throws {
        let rule = try policy(#"{"conditions": {"scope.x": {"\#(written)": \#(value)}}}"#)
        #expect(rule.conditions.map(\.operation) == [read])
    }

    @Test("several operators of one field, and several fields, must all hold")
    func together() throws {
        let set = try policies(
            #"{"conditions": {"scope.x": {"greaterThan": 1, "lessThan": 5}, "scope.y": {"equals": "a"}}, "action": "auto_approve"}"#
        )
        func decision(_ scope: String) throws -> PolicyAction { try set.evaluate(facts("a.b", scope: scope)).action }
        #expect(try decision(#"{"x": 3, "y": "a"}"#) == .autoApprove)
        #expect(try decision(#"{"x": 5, "y": "a"}"#) == .requireApproval)
        #expect(try decision(#"{"x": 1, "y": "a"}"#) == .requireApproval)
        #expect(try decision(#"{"x": 3, "y": "b"}"#) == .requireApproval)
        #expect(try decision(#"{"x": 3}"#) == .requireApproval)
    }
}
