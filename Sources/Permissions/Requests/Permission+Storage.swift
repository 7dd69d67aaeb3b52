import EnclaveLink
import Storage

/// A permission as its row has it, with what nobody outside of the store sees.
struct PermissionRecord: Sendable {
    var permission: Permission
    /// SHA-256 of the token; nil until it was handed out.
    var token: [UInt8]?
    var wrongNumbers: Int

    static func find(
        _ id: String, workspace: String, in transaction: any Transaction
    ) throws -> PermissionRecord? {
        try transaction.row(
            """
            SELECT workspace, id, mode, agent, api_key, action, resource, scope, context, digest, status, granted,
                reason, policy, policy_version, approvals_needed, match_number, wrong_numbers, statement, decision,
                decided_by, channel, decided_at, token, uses_left, uses, created_at, expires_at, ended_at, token_format
            FROM permission WHERE workspace = $1 AND id = $2
            """, [.text(workspace), .text(id)]
        ).map { row in
            var record = try PermissionRecord(row)
            try record.permission.lookForStop(in: transaction)
            return record
        }
    }

    /// A request that people were asked about, whatever its workspace.
    static func prompt(_ id: String, in transaction: any Transaction) throws -> PermissionRecord? {
        let row = try transaction.row(
            "SELECT workspace FROM permission WHERE id = $1 AND approvals_needed > 0", [.text(id)])
        guard let row else { return nil }
        return try find(id, workspace: try row.text(0), in: transaction)
    }

    /// Reads the columns that `find` asks for.
    private init(_ row: Row) throws {
        guard let mode = ChallengeMode(rawValue: try row.text(2)),
            let status = PermissionStatus(rawValue: try row.text(10)),
            let format = TokenFormat(rawValue: try row.text(29))
        else { throw PermissionError.unavailable("a permission cannot be read") }
        let policy = try row.text(13)
        token = try row.optionalBytes(23)
        wrongNumbers = Int(try row.integer(17))
        permission = Permission(
            workspace: try row.text(0), id: try row.text(1), mode: mode, agent: try row.text(3),
            key: try row.text(4), action: try row.text(5), resource: try row.optionalText(6),
            scope: StoredJSON(text: try row.text(7)), context: StoredJSON(text: try row.text(8)),
            digest: try row.bytes(9), status: status, granted: try row.optionalText(11).map(StoredJSON.init),
            reason: try row.optionalText(12),
            policy: policy.isEmpty ? nil : GrantingPolicy(id: policy, version: Int(try row.integer(14))),
            approvalsNeeded: Int(try row.integer(15)), matchNumber: try row.optionalText(16),
            statement: try row.optionalText(18).map(ApprovalStatement.init), decision: try Self.decision(row),
            tokenFormat: format, isCollected: token != nil, usesLeft: Int(try row.integer(24)),
            uses: Int(try row.integer(25)),
            createdAt: try row.integer(26), expiresAt: try row.integer(27), endedAt: try row.optionalInteger(28))
    }

    private static func decision(_ row: Row) throws -> Permission.Decided? {
        guard let decision = try row.optionalText(19) else { return nil }
        guard let channel = ApprovalChannel(rawValue: try row.text(21)) else {
            throw PermissionError.unavailable("a decision cannot be read")
        }
        return Permission.Decided(
            approved: decision == "approved", by: try row.text(20).split(separator: " ").map(String.init),
            channel: channel, at: try row.integer(22))
    }
}

extension Permission {
    /// Stores a fresh permission. False where people are being asked the same already.
    func insert(token: [UInt8]?, in transaction: any Transaction) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            INSERT INTO permission
                (workspace, id, mode, agent, api_key, action, resource, scope, context, digest, status, granted, reason,
                policy, policy_version, approvals_needed, match_number, statement, decision, decided_by, channel,
                decided_at, token, uses_left, created_at, expires_at, token_format)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23, $24, $25, $26, $27)
            ON CONFLICT DO NOTHING
            """, columns(token: token)) == 1
    }

    private func columns(token: [UInt8]?) -> [SQLValue] {
        func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
        return [
            .text(workspace), .text(id), .text(mode.rawValue), .text(agent), .text(key), .text(action), text(resource),
            .text(scope.text), .text(context.text), .bytes(digest), .text(status.rawValue), text(granted?.text),
            text(reason), .text(policy?.id ?? ""), .integer(Int64(policy?.version ?? 0)),
            .integer(Int64(approvalsNeeded)), text(matchNumber), text(statement?.text),
            text(decision.map { $0.approved ? "approved" : "denied" }), text(decision?.by.joined(separator: " ")),
            text(decision?.channel.rawValue), decision.map { .integer($0.at) } ?? .null,
            token.map { .bytes($0) } ?? .null, .integer(Int64(usesLeft)), .integer(createdAt), .integer(expiresAt),
            .text(tokenFormat.rawValue),
        ]
    }

    /// Where it stands at a time: what is over is over, whether or not it was written down yet.
    public func status(at now: Int64) -> PermissionStatus {
        guard status.isOpen else { return status }
        if expiresAt <= now { return .expired }
        return stop == nil ? status : .revoked
    }

    fileprivate mutating func lookForStop(in transaction: any Transaction) throws(StorageError) {
        guard status.isOpen else { return }
        stop = try PermissionStop.find(agent: agent, key: key, workspace: workspace, in: transaction)
    }
}
