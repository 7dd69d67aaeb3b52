import Configuration
import JOSE

/// Reads the conditions of a policy: `{"scope.amount": {"lessThan": 100}}`.
struct ConditionReader {
    /// The most conditions of one policy.
    static let most = 50

    private(set) var conditions: [PolicyCondition] = []
    private(set) var faults: [PolicyError.Fault] = []

    mutating func read(_ value: JSONValue) {
        guard let members = value.members else { return fault("", "must be an object") }
        for member in members { read(member.name, member.value) }
        if conditions.count > Self.most { fault("", "must be at most \(Self.most)") }
    }

    private mutating func read(_ path: String, _ value: JSONValue) {
        guard let tests = value.members else {
            return fault(path, "must be an object of operators, such as {\"equals\": …}")
        }
        guard let path = conditionPath(path, tests) else { return }
        let operators = tests.filter { !(path.hasZone && $0.name == "zone") }
        if operators.isEmpty { fault(path.text, "must have an operator: \(Self.operators)") }
        var seen: Set<ConditionOperator> = []
        for test in operators {
            let field = "\(path.text).\(test.name)"
            guard let operation = ConditionOperator(rawValue: DocumentReader.camelCase(test.name)) else {
                fault(
                    field,
                    "is no operator\(Self.meant(test.name, among: Self.operatorNames)); there are \(Self.operators)")
                continue
            }
            if !seen.insert(operation).inserted { fault(field, "stands here a second time") }
            do throws(ValueFault) {
                conditions.append(.init(path: path, test: try ConditionTest(operation, test.value, for: path)))
            } catch {
                fault(field, error.message)
            }
        }
    }

    private mutating func conditionPath(_ text: String, _ tests: [JSONValue.Member]) -> ConditionPath? {
        var zone = TimeZoneName.utc
        if text.hasPrefix("time."), let value = tests.first(where: { $0.name == "zone" })?.value {
            guard let named = value.text.flatMap(TimeZoneName.init) else {
                fault("\(text).zone", "must be a time zone such as Europe/Berlin, or UTC")
                return nil
            }
            zone = named
        }
        if let path = ConditionPath(text, zone: zone) { return path }
        let fixed = ["action", "resource", "agentId", "time.hour", "time.weekday", "rate.perHour"]
        fault(
            text,
            "is nothing to look at\(Self.meant(text, among: fixed)); there are \(fixed.joined(separator: ", ")), "
                + "scope.… and context.…")
        return nil
    }

    private mutating func fault(_ field: String, _ message: String) {
        faults.append(.init(field: field.isEmpty ? "conditions" : "conditions.\(field)", message: message))
    }

    private static let operatorNames = ConditionOperator.allCases.map(\.rawValue)
    private static let operators = operatorNames.joined(separator: ", ")

    private static func meant(_ name: String, among known: [String]) -> String {
        Spelling.closest(to: name, among: known).map { " (did you mean \($0)?)" } ?? ""
    }
}
