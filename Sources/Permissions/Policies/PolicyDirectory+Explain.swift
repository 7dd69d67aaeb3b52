import Policies

/// Why a recorded request was decided as it was, and what policies say to it today.
public struct ExplainedRequest: Sendable {
    public let request: RecordedRequest
    /// The rule that decided, in the words that it had then; nil where none matched.
    public let then: PolicyExplanation?
    /// All rules, as they are now.
    public let now: PolicyExplanation
}

extension PolicyDirectory {
    /// Explains a recorded request.
    ///
    /// - Parameter other: policies to ask in the place of the workspace's. Throws `notFound`.
    public func explain(
        _ permission: String, by other: PolicySet? = nil, workspace: String
    ) async throws(PermissionError) -> ExplainedRequest {
        let request = try await recordedRequest(permission, workspace: workspace)
        let today: PolicySet
        if let other { today = other } else { today = try await set(workspace: workspace) }
        var then: PolicyExplanation?
        if let granting = request.policy {
            then = try await rule(granting, workspace: workspace).explain(request.facts)
        }
        return ExplainedRequest(request: request, then: then, now: today.explain(request.facts))
    }

    /// A policy in an earlier version, as a set of its own.
    private func rule(_ policy: GrantingPolicy, workspace: String) async throws(PermissionError) -> PolicySet {
        let document = try await document(policy.id, version: policy.version, workspace: workspace).value()
        do {
            return try PolicySet([Policy(reading: document, id: policy.id, version: policy.version)])
        } catch {
            throw PermissionError(error)
        }
    }
}
