import EnclaveLink
import Storage
import Workspaces

extension WebhookEndpoints: MasterKeyUser {
    /// So many secrets are read at a time.
    private static let page = 500

    public func reseal(with enclave: any EnclaveCalling) async throws(WorkspaceError) -> Int {
        var count = 0
        var last: StoredWebhookSecret?
        repeat {
            let page = try await database.read(throwing: WorkspaceError.self) { [last] transaction in
                try StoredWebhookSecret.all(after: last, limit: Self.page, in: transaction)
            }
            for secret in page {
                let place = Reseal.Place.webhookSecret(workspace: secret.workspace, endpoint: secret.endpoint)
                guard let fresh = try await reseal(secret.sealed.bytes, at: place, with: enclave) else { continue }
                try await database.write(throwing: WorkspaceError.self) { transaction in
                    try secret.replaceSealed(by: fresh, in: transaction)
                }
                count += 1
            }
            last = page.last
        } while last != nil
        return count
    }
}

extension StoredWebhookSecret {
    /// The secrets of all endpoints of all workspaces that come after one, in the order of their table.
    fileprivate static func all(
        after last: StoredWebhookSecret?, limit: Int, in transaction: any Transaction
    ) throws(StorageError) -> [StoredWebhookSecret] {
        let rows = try transaction.rows(
            """
            SELECT workspace, endpoint, id, sealed, created_at FROM webhook_secret
            WHERE (workspace, endpoint, id) > ($1, $2, $3) ORDER BY workspace, endpoint, id LIMIT $4
            """,
            [
                .text(last?.workspace ?? ""), .text(last?.endpoint ?? ""), .text(last?.id ?? ""),
                .integer(Int64(limit)),
            ])
        var secrets: [StoredWebhookSecret] = []
        for row in rows {
            secrets.append(
                StoredWebhookSecret(
                    workspace: try row.text(0), endpoint: try row.text(1), id: try row.text(2),
                    sealed: SealedWebhookSecret(try row.bytes(3)), createdAt: try row.integer(4)))
        }
        return secrets
    }

    fileprivate func replaceSealed(by fresh: [UInt8], in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            UPDATE webhook_secret SET sealed = $5
            WHERE workspace = $1 AND endpoint = $2 AND id = $3 AND sealed = $4
            """, [.text(workspace), .text(endpoint), .text(id), .bytes(sealed.bytes), .bytes(fresh)])
    }
}
