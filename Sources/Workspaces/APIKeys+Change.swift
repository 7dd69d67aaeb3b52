import AuditLog
import Encodings
import Storage

extension APIKeys {
    /// Changes where a key may be used and for what, from the next request on. Throws `notFound` for a key of another
    /// workspace or of an agent as for none, `keyRevoked`, `invalidSetting`.
    public func update(
        _ id: String, workspace: String, origin: RequestOrigin, _ change: @escaping @Sendable (inout KeyLimits) -> Void
    ) async throws(WorkspaceError) -> APIKey {
        let now = clock.now()
        return try await changing(throwing: WorkspaceError.self) { transaction in
            guard var key = try APIKey.find(id, workspace: workspace, in: transaction), !key.kind.isAgents else {
                throw WorkspaceError.notFound("key")
            }
            guard key.revokedAt == nil else { throw WorkspaceError.keyRevoked() }
            let before = key.limits
            change(&key.limits)
            try key.limits.check(for: key.kind)
            guard key.limits != before else { return key }
            try transaction.execute(
                "UPDATE api_key SET allowed_addresses = $3, abilities = $4 WHERE workspace = $1 AND id = $2",
                [
                    .text(workspace), .text(id), .text(key.limits.addresses.description),
                    .text(key.limits.abilities.text),
                ])
            try audit.append(
                AuditEntry(
                    workspace: workspace, time: now, action: .keyChanged, record: id, origin: origin,
                    detail: key.limits.changes(since: before)), in: transaction)
            return key
        }
    }
}
