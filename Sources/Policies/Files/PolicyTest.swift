import JOSE

/// A request with the decision that is expected of a set of policies.
public struct PolicyTest: Sendable {
    /// What it is called.
    public let name: String
    /// Where it stands in its file, counted from 1.
    public let line: Int
    /// What is asked.
    public let facts: PermissionFacts
    /// What is expected.
    public let expected: PolicyAction
    /// The name of the policy that is to decide; nil where any may.
    public let expectedPolicy: String?
    /// The scope that is to be granted; nil where any may be.
    public let expectedScope: Scope?

    /// How one went.
    public struct Result: Sendable {
        public let test: PolicyTest
        public let verdict: PolicyVerdict
        /// What differs from what is expected, a line for each; empty where nothing does.
        public let differences: [String]

        /// Whether nothing differs.
        public var passed: Bool { differences.isEmpty }
    }

    /// Asks `policies`.
    public func run(on policies: PolicySet) -> Result {
        let verdict = policies.evaluate(facts)
        var differences: [String] = []
        if verdict.action != expected {
            differences.append("expected \(expected.status), got \(verdict.action.status): \(verdict.reason)")
        }
        if let expectedPolicy, verdict.policy?.name != expectedPolicy {
            let decided = verdict.policy.map { "\"\($0.name)\"" } ?? "no policy"
            differences.append("expected \"\(expectedPolicy)\" to decide, but \(decided) did")
        }
        if let expectedScope, !verdict.scope.value.isSame(as: expectedScope.value) {
            differences.append("expected the scope \(expectedScope), got \(verdict.scope)")
        }
        return Result(test: self, verdict: verdict, differences: differences)
    }
}

extension PolicyAction {
    /// What the agent sees of it: `approved`, `pending` or `denied`.
    public var status: String {
        switch self {
        case .autoApprove: "approved"
        case .requireApproval: "pending"
        case .deny: "denied"
        }
    }
}

extension PolicyTest {
    /// Noon of a Monday in UTC, where a test names no time.
    private static let usualTime: Int64 = 1_704_110_400_000

    /// Reads a test as a policy file writes it.
    init(reading document: JSONValue, line: Int) throws(PolicyError) {
        var reader = DocumentReader(document)
        let name = reader.text("name", 1...255)
        let statuses = PolicyAction.allCases.map(\.status)
        let status = reader.value("expect")?.text
        let expected = PolicyAction.allCases.first { $0.status == status }
        if expected == nil { reader.fault("expect", "must be one of \(statuses.joined(separator: ", "))") }
        let expectedPolicy = reader.text("policy", 1...255)
        let expectedScope = reader.scope("scope")
        let facts = Self.facts(&reader)
        reader.refuseUnknown()
        guard reader.faults.isEmpty, let expected, let facts else {
            throw PolicyError(.invalidRequest, reader.faults)
        }
        self.init(
            name: name ?? facts.action, line: line, facts: facts, expected: expected, expectedPolicy: expectedPolicy,
            expectedScope: expectedScope)
    }

    private static func facts(_ reader: inout DocumentReader) -> PermissionFacts? {
        do throws(PolicyError) {
            return try PermissionFacts(
                reading: reader.value("request") ?? .null, now: usualTime, path: reader.field("request"))
        } catch {
            reader.add(error.faults)
            return nil
        }
    }
}
