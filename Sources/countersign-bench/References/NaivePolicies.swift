import JOSE
import Policies

/// The reference for policy decisions: reads each rule's document anew for each request, one rule after the other, as a
/// straightforward program would.
struct NaivePolicies {
    private let documents: [JSONValue]

    /// Rules in the order in which they decide.
    init(_ set: PolicySet) { documents = set.policies.map(\.document) }

    /// The action of the first rule that matches, such as `auto_approve`; nil where none does.
    func decision(_ request: JSONValue) -> String? {
        documents.first { matches($0, request) }?["action"]?.text
    }

    private func matches(_ rule: JSONValue, _ request: JSONValue) -> Bool {
        for condition in rule["conditions"]?.members ?? [] {
            var value: JSONValue? = request
            for name in condition.name.split(separator: ".") { value = value?[String(name)] }
            for test in condition.value.members ?? [] {
                guard let value, holds(test.name, value, test.value) else { return false }
            }
        }
        return true
    }

    private func holds(_ operation: String, _ value: JSONValue, _ expected: JSONValue) -> Bool {
        switch operation {
        case "equals": value == expected
        case "in": expected.elements?.contains(value) == true
        case "lessThan": (value.double ?? .infinity) < (expected.double ?? -.infinity)
        case "greaterThan": (value.double ?? -.infinity) > (expected.double ?? .infinity)
        case "startsWith": value.text?.hasPrefix(expected.text ?? "") == true
        case "endsWith": value.text?.hasSuffix(expected.text ?? "") == true
        default: false
        }
    }
}
