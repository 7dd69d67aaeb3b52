import JOSE
import Testing

@testable import Policies

/// Which scopes can be asked for at all.
@Suite struct ScopeTests {
    private func faults(_ text: String) throws -> [String] {
        do {
            _ = try Scope(try json(text))
            return []
        } catch let error as PolicyError {
            #expect(error == PolicyError(.invalidScope, []))
            return error.faults.map(\.description)
        }
    }

    @Test(
        "a constraint that cannot be checked is refused",
        arguments: [
            (#"{"max_amount": "100"}"#, "scope.max_amount must be a number"),
            (#"{"max_amount": null}"#, "scope.max_amount must be a number"),
            (#"{"min_amount": [1]}"#, "scope.min_amount must be a number"),
            (#"{"allowed_hosts": "a.b"}"#, "scope.allowed_hosts must be a list of what is allowed"),
            (#"{"allowed_hosts": []}"#, "scope.allowed_hosts must be a list of what is allowed"),
            (#"{"allowed_hosts": [["a"]]}"#, "scope.allowed_hosts must list texts, numbers, true or false"),
            (#"{"allowed_hosts": [null]}"#, "scope.allowed_hosts must list texts, numbers, true or false"),
            (#"{"subject_pattern": 5}"#, "scope.subject_pattern must be a pattern"),
            (#"{"subject_pattern": []}"#, "scope.subject_pattern must be a pattern, or a list of patterns"),
            (
                #"{"subject_pattern": "*.txt"}"#,
                "scope.subject_pattern is not a valid pattern: no argument for repetition operator: *"
            ),
            (#"{"max_uses": 0}"#, "scope.max_uses must be a whole number from 1 to 1000000"),
            (#"{"max_uses": -1}"#, "scope.max_uses must be a whole number from 1 to 1000000"),
            (#"{"max_uses": 1.5}"#, "scope.max_uses must be a whole number from 1 to 1000000"),
            (#"{"max_uses": "5"}"#, "scope.max_uses must be a whole number from 1 to 1000000"),
            (#"{"require_details": "yes"}"#, "scope.require_details must be true or false"),
            ("[]", "scope must be an object"),
        ])
    func wrongTypes(text: String, message: String) throws {
        #expect(try faults(text) == [message])
    }

    @Test("any other name may hold anything, also one that only begins like a constraint")
    func plain() throws {
        #expect(
            try faults(#"{"amount": "5", "max_": "a", "_pattern": 1, "allowed_": 2, "maximum": [], "x": null}"#) == [])
    }

    @Test(
        "what two readers could read in two ways is refused in scope and context, at any depth",
        arguments: [
            (#"{"a\u0000": 1}"#, "must not have names with control characters"),
            (#"{"max_amount\n": 1}"#, "must not have names with control characters"),
            (#"{"x": [{"a\u2028b": 1}]}"#, "must not have names with control characters"),
            (#"{"x": {"\u0085": 1}}"#, "must not have names with control characters"),
            (#"{"max_amount": 9007199254740993}"#, "must not have numbers beyond 2^53"),
            (#"{"max_amount": 1152921504606846976}"#, "must not have numbers beyond 2^53"),
            (#"{"x": [-9223372036854775808]}"#, "must not have numbers beyond 2^53"),
            (#"{"x": {"y": 1e300}}"#, "must not have numbers beyond 2^53"),
        ])
    func unclear(text: String, message: String) throws {
        #expect(try faults(text) == ["scope \(message)"])
        #expect { try facts("a.b", context: text) } throws: { error in
            (error as? PolicyError)?.details == ["context": [message]]
        }
    }

    @Test("constraints come first for whoever reads a scope")
    func order() throws {
        let scope = try Scope(json(#"{"note":"x","max_uses":2,"y":true,"allowed_hosts":["a"]}"#))
        #expect(scope.constraintsFirst.map(\.name) == ["max_uses", "allowed_hosts", "note", "y"])
    }

    @Test("a token works once, or as often as max_uses says")
    func uses() throws {
        #expect(try Scope(json("{}")).maxUses == 1)
        #expect(try Scope(json(#"{"max_uses": 3}"#)).maxUses == 3)
        #expect(try Scope(json(#"{"max_uses": 3.0}"#)).maxUses == 3)
    }

    @Test("a scope is written as it was read")
    func written() throws {
        let text = #"{"max_amount":100.5,"allowed_hosts":["*.a.com",5,true],"b_pattern":"^x","x":{"y":[null]}}"#
        #expect(try Scope(json(text)).description == text)
        #expect(try Scope(stored: Scope(json(text)).value) == Scope(json(text)))
    }

    @Test("names, values and patterns are limited for whoever writes a scope, and not for what was granted")
    func limits() throws {
        func object(_ count: Int, _ entry: (Int) -> String) -> String {
            "{" + (0..<count).map(entry).joined(separator: ",") + "}"
        }
        let names = object(65) { "\"x\($0)\":1" }
        let values = "{\"allowed_x\":[" + (0..<257).map(String.init).joined(separator: ",") + "]}"
        let patterns = object(9) { "\"x\($0)_pattern\":\"a\"" }
        #expect(try faults(names) == ["scope must have at most 64 names"])
        #expect(try faults(values) == ["scope.allowed_x must have at most 256 values"])
        #expect(try faults(patterns) == ["scope must have at most 8 patterns"])
        for text in [names, values, patterns] { _ = try Scope(stored: try json(text)) }
    }
}
