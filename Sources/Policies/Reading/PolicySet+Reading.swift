import JOSE

extension PolicySet {
    /// Reads the documents of policies that are put in force together, as `policy apply` sends them.
    ///
    /// - Returns: The policies in the order given, each as `Policy(reading:)` reads it. No two have the same name, and each
    ///   can decide.
    /// - Throws: `PolicyError` with everything that is wrong in all of them. Each fault names its policy, and its field
    ///   begins with `policies[0]`, counted from 0.
    public static func policies(reading documents: [JSONValue]) throws(PolicyError) -> [Policy] {
        var policies: [Policy] = []
        var names: Set<String> = []
        var faults: [PolicyError.Fault] = []
        for (place, document) in documents.enumerated() {
            do throws(PolicyError) {
                let policy = try Policy(reading: document)
                if !names.insert(policy.name).inserted {
                    throw PolicyError(.invalidPolicy, field: "name", "stands here a second time")
                }
                policies.append(policy)
            } catch {
                let name = document["name"]?.text
                faults += error.faults.map { fault in
                    let field = fault.field.isEmpty ? "" : ".\(fault.field)"
                    return .init(policy: name, field: "policies[\(place)]\(field)", message: fault.message)
                }
            }
        }
        guard faults.isEmpty else { throw PolicyError(.invalidPolicy, faults) }
        try PolicySet(policies).checkReachable()
        return policies
    }
}
