import EnclaveLink
import Storage
import Workspaces

/// A signing secret as it is stored: sealed.
struct StoredWebhookSecret: Sendable {
    let workspace: String
    let endpoint: String
    let id: String
    let sealed: SealedWebhookSecret
    let createdAt: Int64

    init(workspace: String, endpoint: String, id: String, sealed: SealedWebhookSecret, createdAt: Int64) {
        self.workspace = workspace
        self.endpoint = endpoint
        self.id = id
        self.sealed = sealed
        self.createdAt = createdAt
    }

    init(_ sealed: SealedWebhookSecret, of endpoint: WebhookEndpoint, createdAt: Int64) {
        self.init(
            workspace: endpoint.workspace, endpoint: endpoint.id, id: RandomIdentifier.uuid(at: createdAt),
            sealed: sealed, createdAt: createdAt)
    }

    func insert(in transaction: any Transaction) throws(StorageError) {
        try MasterKeyFloor.check(sealed.bytes, in: transaction)
        try transaction.execute(
            "INSERT INTO webhook_secret (workspace, endpoint, id, sealed, created_at) VALUES ($1, $2, $3, $4, $5)",
            [.text(workspace), .text(endpoint), .text(id), .bytes(sealed.bytes), .integer(createdAt)])
    }

    /// The secrets that sign now, newest first.
    static func inForce(
        workspace: String, endpoint: String, now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> [SealedWebhookSecret] {
        var secrets: [SealedWebhookSecret] = []
        let rows = try transaction.rows(
            """
            SELECT sealed FROM webhook_secret
            WHERE workspace = $1 AND endpoint = $2 AND (expires_at IS NULL OR expires_at > $3) ORDER BY id DESC
            """, [.text(workspace), .text(endpoint), .integer(now)])
        for row in rows.prefix(DeliverWebhook.secretLimit) { secrets.append(SealedWebhookSecret(try row.bytes(0))) }
        return secrets
    }

    /// Lets the secrets of an endpoint expire at a time, those sooner that would sooner, and deletes those that have and
    /// those that are too many beside a new one.
    static func expire(
        workspace: String, endpoint: String, at time: Int64, now: Int64, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            """
            UPDATE webhook_secret SET expires_at = $3
            WHERE workspace = $1 AND endpoint = $2 AND (expires_at IS NULL OR expires_at > $3)
            """, [.text(workspace), .text(endpoint), .integer(time)])
        try transaction.execute(
            "DELETE FROM webhook_secret WHERE workspace = $1 AND endpoint = $2 AND expires_at <= $3",
            [.text(workspace), .text(endpoint), .integer(now)])
        try transaction.execute(
            """
            DELETE FROM webhook_secret WHERE workspace = $1 AND endpoint = $2 AND id NOT IN
                (SELECT id FROM webhook_secret WHERE workspace = $1 AND endpoint = $2 ORDER BY id DESC LIMIT $3)
            """, [.text(workspace), .text(endpoint), .integer(Int64(DeliverWebhook.secretLimit - 1))])
    }
}
