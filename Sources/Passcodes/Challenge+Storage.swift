import EnclaveLink
import Storage

extension Challenge {
    /// Wrong and right attempts at a challenge are remembered this long after its end.
    static let memory: Int64 = 86_400_000

    /// The newest plain challenge for a contact, nil if none is remembered.
    static func latest(
        workspace: String, mode: ChallengeMode, contact: [UInt8], in transaction: any Transaction
    ) throws -> Challenge? {
        try transaction.row(
            """
            SELECT id, channel, state, boot, sealed, attempt_limit, earlier_failures, created_at, expires_at, sent_at,
                mode, contact, flow, target_bundle, decoy, purpose, route, claims, metadata, fixed, traits
            FROM challenge WHERE workspace = $1 AND mode = $2 AND contact = $3 AND flow = ''
            ORDER BY created_at DESC LIMIT 1
            """, [.text(workspace), .text(mode.rawValue), .bytes(contact)]
        ).map { try Challenge(row: $0, workspace: workspace) }
    }

    /// The challenge with this identifier; nil if it is another workspace's, or none's.
    static func find(_ id: String, workspace: String, in transaction: any Transaction) throws -> Challenge? {
        try transaction.row(
            """
            SELECT id, channel, state, boot, sealed, attempt_limit, earlier_failures, created_at, expires_at, sent_at,
                mode, contact, flow, target_bundle, decoy, purpose, route, claims, metadata, fixed, traits
            FROM challenge WHERE workspace = $1 AND id = $2
            """, [.text(workspace), .text(id)]
        ).map { try Challenge(row: $0, workspace: workspace) }
    }

    private init(row: Row, workspace: String) throws {
        guard let channel = Channel(rawValue: try row.text(1)), let state = State(rawValue: try row.text(2)),
            let mode = ChallengeMode(rawValue: try row.text(10)),
            let purpose = PasscodePurpose(rawValue: try row.text(15))
        else { throw PasscodeError.unavailable("a challenge cannot be read") }
        self.init(
            workspace: workspace, id: try row.text(0), mode: mode, contact: try row.bytes(11),
            flow: SealedFlow(rawValue: try row.text(12)), purpose: purpose,
            route: Self.route(try row.text(16)) ?? [channel], state: state,
            boot: BootIdentifier(bytes: try row.bytes(3)), sealed: try row.bytes(4),
            attemptLimit: Int(try row.integer(5)), earlierFailures: Int(try row.integer(6)),
            createdAt: try row.integer(7), expiresAt: try row.integer(8), sentAt: try row.optionalInteger(9),
            targetBundle: try row.text(13), isDecoy: try row.integer(14) == 1, isFixed: try row.integer(19) == 1,
            claims: try row.text(17), metadata: try row.text(18), traits: ChallengeTraits(try row.text(20)))
    }

    /// Channels with slashes between them; nil where there are none.
    private static func route(_ text: String) -> [Channel]? {
        let channels = text.split(separator: "/").compactMap { Channel(rawValue: String($0)) }
        return channels.isEmpty ? nil : channels
    }

    func insert(in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO challenge
                (workspace, id, mode, contact, channel, state, boot, sealed, attempt_limit, earlier_failures,
                 created_at, expires_at, sent_at, flow, target_bundle, decoy, purpose, route,
                 claims, metadata, fixed, traits)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
            """,
            [
                .text(workspace), .text(id), .text(mode.rawValue), .bytes(contact), .text(channel.rawValue),
                .text(state.rawValue), .bytes(boot.bytes), .bytes(sealed), .integer(Int64(attemptLimit)),
                .integer(Int64(earlierFailures)), .integer(createdAt), .integer(expiresAt),
                sentAt.map { .integer($0) } ?? .null, .text(flow?.rawValue ?? ""), .text(targetBundle),
                .integer(isDecoy ? 1 : 0), .text(purpose.rawValue),
                .text(route.map(\.rawValue).joined(separator: "/")), .text(claims), .text(metadata),
                .integer(isFixed ? 1 : 0), .text(traits?.text ?? ""),
            ])
    }

    /// Writes down that the code goes out again.
    func noteSentAgain(in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            "UPDATE challenge SET sent_at = $3, traits = $4 WHERE workspace = $1 AND id = $2",
            [
                .text(workspace), .text(id), sentAt.map { .integer($0) } ?? .null, .text(traits?.text ?? ""),
            ])
    }

    /// Takes back that a message went out, unless another one did since.
    ///
    /// - Parameter predecessor: the challenge before that; nil where it was made for that message.
    func takeSentBack(to predecessor: Challenge?, in transaction: any Transaction) throws(StorageError) {
        let before = predecessor ?? self
        try transaction.execute(
            "UPDATE challenge SET sent_at = $4, traits = $5 WHERE workspace = $1 AND id = $2 AND sent_at = $3",
            [
                .text(workspace), .text(id), sentAt.map { .integer($0) } ?? .null,
                predecessor?.sentAt.map { .integer($0) } ?? .null, .text(before.traits?.text ?? ""),
            ])
    }

    /// Kills what is alive of a contact with a test recipient's code, which is a test one.
    static func cancelFixed(
        contact: [UInt8], workspace: String, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            """
            UPDATE challenge SET state = 'canceled', sealed = $3
            WHERE workspace = $1 AND mode = 'test' AND contact = $2 AND fixed = 1 AND state = 'pending'
            """, [.text(workspace), .bytes(contact), .bytes([])])
    }

    /// Takes the one success that a challenge has. A right attempt may be overtaken by the last one, a wrong one, which
    /// locks it, or by the end of its time. False if somebody else took it, or the challenge was canceled.
    static func takeSuccess(
        _ id: String, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            UPDATE challenge SET state = 'verified'
            WHERE workspace = $1 AND id = $2 AND state IN ('pending', 'locked', 'expired')
            """, [.text(workspace), .text(id)]) == 1
    }

    /// Kills a challenge that is alive. False if it has ended.
    static func cancel(
        _ id: String, workspace: String, now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            UPDATE challenge SET state = 'canceled', sealed = $4
            WHERE workspace = $1 AND id = $2 AND state = 'pending' AND expires_at > $3
            """, [.text(workspace), .text(id), .integer(now), .bytes([])]) == 1
    }

    /// Marks a plain challenge whose last attempt was wrong. False if it has ended otherwise.
    static func lockPlain(
        _ id: String, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            """
            UPDATE challenge SET state = 'locked'
            WHERE workspace = $1 AND id = $2 AND flow = '' AND state = 'pending'
            """, [.text(workspace), .text(id)]) == 1
    }

    /// The names of at most `count` live challenges whose time ended in a period, and which nobody has marked. They are looked
    /// up by their time: those of one workspace may be many.
    static func expired(
        workspace: String, after start: Int64, until end: Int64, count: Int, in transaction: any Transaction
    ) throws(StorageError) -> [String] {
        try transaction.rows(
            """
            SELECT id FROM challenge
            WHERE workspace = $1 AND mode = 'live' AND state = 'pending' AND decoy = 0
                AND id IN (SELECT id FROM challenge WHERE expires_at > $2 AND expires_at <= $3)
            LIMIT $4
            """, [.text(workspace), .integer(start), .integer(end), .integer(Int64(count))]
        ).map { row throws(StorageError) in try row.text(0) }
    }

    /// Marks a challenge whose time is over. False if it has ended otherwise.
    static func markExpired(
        _ id: String, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            "UPDATE challenge SET state = 'expired', sealed = $3 WHERE workspace = $1 AND id = $2 AND state = 'pending'",
            [.text(workspace), .text(id), .bytes([])]) == 1
    }

    /// Deletes at most `count` challenges that ended long ago, as many of their messages and as many counts of attempts. Returns the larger number.
    static func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        let values: [SQLValue] = [.integer(now - memory), .integer(Int64(count))]
        let deliveries = try Delivery.prune(before: now - memory, count: count, in: transaction)
        let challenges = try transaction.execute(
            """
            DELETE FROM challenge WHERE (workspace, id) IN
                (SELECT workspace, id FROM challenge WHERE expires_at < $1
                    AND NOT EXISTS (SELECT 1 FROM delivery
                        WHERE delivery.workspace = challenge.workspace AND delivery.challenge = challenge.id)
                 LIMIT $2)
            """, values)
        let counts = try transaction.execute(
            """
            DELETE FROM attempt_count WHERE (workspace, subject) IN
                (SELECT workspace, subject FROM attempt_count WHERE expires_at < $1 LIMIT $2)
            """, values)
        return max(deliveries, challenges, counts)
    }
}
