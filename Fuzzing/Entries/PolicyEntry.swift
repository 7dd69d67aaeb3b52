import JOSE
import Policies

/// Policies, requests and scopes as JSON: a policy, and after a line of `---` the request that it judges.
///
/// Promises: a stored policy is the policy; an explanation ends as the decision does; a narrowed scope allows nothing that
/// one of its two parts forbids.
enum PolicyEntry {
    static func run(_ bytes: [UInt8]) throws {
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "\n---\n", maxSplits: 1)
        let values = parts.map { try? JSONValue(parsing: Array($0.utf8)) }
        guard let first = values.first, let document = first else { return }
        let second = values.count > 1 ? values[1] : nil
        if let policy = try? Policy(reading: document) {
            try promise(
                try Policy(reading: policy.document) == policy, "a stored policy is another: \(policy.document)")
            if let second { try judge(second, by: policy) }
        }
        if let scope = try? Scope(document) {
            try promise(try Scope(stored: scope.value) == scope, "a stored scope is another: \(scope.value)")
            if let second, let limit = try? Scope(second) { try narrow(scope, by: limit) }
            _ = scope.violation(in: second)
        }
    }

    private static func judge(_ document: JSONValue, by policy: Policy) throws {
        guard let facts = try? PermissionFacts(reading: document, now: KnownKey.now * 1000),
            let policies = try? PolicySet([policy])
        else { return }
        let verdict = policies.evaluate(facts)
        try promise(policies.explain(facts).verdict == verdict, "explained another verdict than \(verdict)")
    }

    /// Narrowing is the same from both sides, as far as what is allowed goes, and narrowing again changes nothing.
    private static func narrow(_ scope: Scope, by limit: Scope) throws {
        guard case .scope(let narrowed, _) = scope.narrowed(by: limit) else { return }
        try promise(narrowed.maxUses <= scope.maxUses, "more uses than were asked for")
        guard case .scope(let again, _) = narrowed.narrowed(by: limit) else {
            throw BrokenPromise(description: "\(narrowed.value) narrowed once more by \(limit.value) is nothing")
        }
        try promise(again == narrowed, "\(narrowed.value) narrowed once more is \(again.value)")
    }
}
