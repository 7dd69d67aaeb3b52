import Storage

extension PermissionRequests {
    /// Milliseconds that a permission is remembered after it was asked for: as long as figures go back.
    static let memory: Int64 = MetricsPeriod.month.length

    /// Erases permissions that are older than figures go back, and those of agents that were deleted. The audit keeps
    /// its entries.
    public func prune() async throws(PermissionError) {
        let now = clock.now()
        let oldest = PermissionIdentifier.first(at: now - Self.memory)
        for workspace in try await workspaces(withSomethingBefore: oldest) {
            try await database.prune(throwing: PermissionError.self) { count, transaction in
                try PermissionRecord.prune(workspace, before: oldest, count: count, in: transaction)
            }
        }
        try await database.prune(throwing: PermissionError.self) { count, transaction in
            max(
                try RequestRecord.prune(now: now, count: count, in: transaction),
                try RefusedCall.prune(now: now, count: count, in: transaction))
        }
    }

    private func workspaces(withSomethingBefore oldest: String) async throws(PermissionError) -> [String] {
        try await database.read(throwing: PermissionError.self) { transaction in
            try transaction.rows(
                """
                SELECT id FROM workspace
                WHERE EXISTS (SELECT 1 FROM permission WHERE workspace = workspace.id AND id < $1) ORDER BY id
                """, [.text(oldest)]
            ).map { try $0.text(0) }
        }
    }
}

extension PermissionRecord {
    fileprivate static func prune(
        _ workspace: String, before oldest: String, count: Int, in transaction: any Transaction
    ) throws -> Int {
        let old = try transaction.rows(
            "SELECT id FROM permission WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3",
            [.text(workspace), .text(oldest), .integer(Int64(count))])
        for row in old { try erase(try row.text(0), workspace: workspace, in: transaction) }
        return old.count
    }

    /// Erases one permission and who approved it.
    static func erase(_ id: String, workspace: String, in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            "DELETE FROM permission_approval WHERE workspace = $1 AND permission = $2", [.text(workspace), .text(id)])
        try transaction.execute(
            "DELETE FROM permission WHERE workspace = $1 AND id = $2", [.text(workspace), .text(id)])
    }
}
