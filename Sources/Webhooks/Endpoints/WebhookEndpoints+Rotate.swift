import AuditLog
import Storage
import Workspaces

extension WebhookEndpoints {
    /// Makes a new secret. For `gracePeriod` seconds messages carry signatures by the old one as well, so that a receiver
    /// can change over; with 0 the old one ends at once. Throws `notFound`, `invalidSetting`.
    public func rotateSecret(
        of id: String, workspace: String, gracePeriod: Int = GracePeriod.usual, origin: RequestOrigin
    ) async throws(WebhookError) -> KeyedWebhookEndpoint {
        guard GracePeriod.allowed.contains(gracePeriod) else {
            throw .invalidSetting("the grace period must be 0 to \(GracePeriod.allowed.upperBound) seconds")
        }
        let now = clock.now()
        let made = try await makeSecret(workspace: workspace, endpoint: id)
        let endpoint = try await database.write(throwing: WebhookError.self) { transaction in
            let endpoint = try WebhookEndpoint.find(id, workspace: workspace, in: transaction)
            try StoredWebhookSecret.expire(
                workspace: workspace, endpoint: id, at: now + Int64(gracePeriod) * 1000, now: now, in: transaction)
            try StoredWebhookSecret(made.sealed, of: endpoint, createdAt: now).insert(in: transaction)
            try record(.webhookSecretRotated, endpoint, origin, at: now, in: transaction)
            return endpoint
        }
        return KeyedWebhookEndpoint(endpoint: endpoint, secret: made.secret)
    }
}
