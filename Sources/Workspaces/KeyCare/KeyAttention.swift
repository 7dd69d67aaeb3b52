/// Why the owner of a key should look at it.
public enum KeyAttention: String, CaseIterable, Sendable, Codable {
    /// In force for 90 days and more, without a new one in its place.
    case rotationDue = "rotation_due"
    /// It ends soon by itself.
    case expiring
    /// Its text was seen where it does not belong, so it was revoked.
    case leaked
}

extension APIKey {
    static let day: Int64 = 86_400_000
    /// Milliseconds after which a key is old.
    static let rotationAge = 90 * day
    /// Milliseconds before its end in which a key is about to end.
    static let expiryNotice = 14 * day
    /// Milliseconds for which a leak is news.
    static let leakNotice = 30 * day

    /// Why its owner should look at it; nil where nothing is to be done. `now` is in Unix milliseconds.
    public func attention(at now: Int64) -> KeyAttention? {
        if let leak { return now - leak.at < Self.leakNotice ? .leaked : nil }
        guard isInForce(at: now) else { return nil }
        // One that ends soon is replaced anyway.
        if let expiresAt, expiresAt - now <= Self.expiryNotice { return .expiring }
        return now - createdAt >= Self.rotationAge ? .rotationDue : nil
    }
}

extension APIKeys {
    /// The keys that their owners should look at, agents' too, oldest first.
    ///
    /// - Parameter workspace: nil for those of all workspaces.
    public func needingAttention(in workspace: String? = nil) async throws(WorkspaceError) -> [APIKey] {
        let now = clock.now()
        return try await database.read(throwing: WorkspaceError.self) { transaction in
            try transaction.rows(
                """
                SELECT workspace, id FROM api_key
                WHERE ($1 = '' OR workspace = $1)
                    AND (leaked_at > $2
                        OR revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $5)
                            AND (expires_at <= $3 OR created_at <= $4))
                ORDER BY created_at, id
                """,
                [
                    .text(workspace ?? ""), .integer(now - APIKey.leakNotice), .integer(now + APIKey.expiryNotice),
                    .integer(now - APIKey.rotationAge), .integer(now),
                ]
            ).compactMap { try APIKey.find(try $0.text(1), workspace: try $0.text(0), in: transaction) }
                .filter { $0.attention(at: now) != nil }
        }
    }
}
