import AuditLog
import Storage

extension WebhookEndpoints {
    /// How long the secret before the newest may go on signing, in seconds.
    public static let gracePeriods = 0...604_800
    /// The same where nothing else is asked for: a day.
    public static let usualGracePeriod = 86_400

    /// Makes a new secret. For `gracePeriod` seconds messages carry signatures by the old one as well, so that a receiver
    /// can change over; with 0 the old one ends at once. Throws `notFound`, `invalidSetting`.
    public func rotateSecret(
        of id: String, workspace: String, gracePeriod: Int = usualGracePeriod, origin: RequestOrigin
    ) async throws(WebhookError) -> KeyedWebhookEndpoint {
        guard Self.gracePeriods.contains(gracePeriod) else {
            throw .invalidSetting("the grace period must be 0 to \(Self.gracePeriods.upperBound) seconds")
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
