import AuditLog
import Storage

/// Takes reports of keys that were seen where they do not belong, and ends those keys at once.
///
/// There are no keys here that may be public: browsers and apps name a workspace's configuration, which opens nothing by
/// itself and has no key's form.
public struct LeakedKeys: Sendable {
    /// Texts in one report.
    public static let limit = 100
    /// Reports a minute from one network, without a signature that is trusted.
    static let policy = RateLimitPolicy(name: "leak_reports", uses: 20, seconds: 60)

    let keys: APIKeys
    let outbox: any KeyOutbox
    let clock: WallClock
    private let networks = MinuteRates(capacity: 10_000)

    public init(keys: APIKeys, outbox: any KeyOutbox) {
        self.keys = keys
        self.outbox = outbox
        clock = keys.clock
    }

    /// Takes one report of a stranger's network; nil is this machine. Throws `rateLimited`.
    public func take(from network: String?) throws(WorkspaceError) {
        guard let network else { return }
        let taking = networks.take(of: network, limit: Self.policy.uses, now: clock.now())
        guard taking.isTaken else {
            throw .reportsLimited(policy: Self.policy, retryAfter: taking.wait)
        }
    }

    /// Revokes each key among the texts that is not revoked yet. Whatever is no key of this server, and a key that was
    /// revoked before, stays as it is.
    public func report(
        _ texts: [LeakedText], by reporter: LeakReporter, origin: RequestOrigin
    ) async throws(WorkspaceError) -> LeakOutcome {
        let digests = texts.map { $0.key?.digest }
        let known = try await known(digests.compactMap { $0 })
        let isKey = digests.map { $0.map { known[$0] != nil } ?? false }
        let live = zip(texts, digests).compactMap { text, digest -> (APIKey, String)? in
            guard let key = digest.flatMap({ known[$0] }), key.revokedAt == nil else { return nil }
            return (key, text.url)
        }
        guard !live.isEmpty else { return LeakOutcome(isKey: isKey, ended: []) }
        let now = clock.now()
        let ended = try await keys.changing(throwing: WorkspaceError.self) { transaction in
            try live.compactMap { key, url in
                try end(key, KeyLeak(at: now, reporter: reporter.name, url: url), origin: origin, in: transaction)
            }
        }
        return LeakOutcome(isKey: isKey, ended: ended)
    }

    private func known(_ digests: [[UInt8]]) async throws(WorkspaceError) -> [[UInt8]: APIKey] {
        guard !digests.isEmpty else { return [:] }
        return try await keys.reading(throwing: WorkspaceError.self) { transaction in
            var known: [[UInt8]: APIKey] = [:]
            for digest in digests {
                let row = try transaction.row("SELECT workspace, id FROM api_key WHERE digest = $1", [.bytes(digest)])
                known[digest] = try row.flatMap {
                    try APIKey.find(try $0.text(1), workspace: try $0.text(0), in: transaction)
                }
            }
            return known
        }
    }

    /// Nil if somebody else ended the key meanwhile.
    private func end(
        _ key: APIKey, _ leak: KeyLeak, origin: RequestOrigin, in transaction: any Transaction
    ) throws -> APIKey? {
        let ended = try transaction.execute(
            """
            UPDATE api_key SET revoked_at = $3, leaked_at = $3, leak_reporter = $4, leak_url = $5
            WHERE workspace = $1 AND id = $2 AND revoked_at IS NULL
            """,
            [.text(key.workspace), .text(key.id), .integer(leak.at), .text(leak.reporter), .text(leak.url)])
        guard ended == 1 else { return nil }
        var key = key
        key.revokedAt = leak.at
        key.leak = leak
        try keys.audit.append(
            AuditEntry(
                workspace: key.workspace, time: leak.at, action: .keyLeaked, record: key.id,
                agent: key.kind.isAgents ? key.holder : "", origin: origin,
                detail: leak.reporter.isEmpty ? "anybody" : leak.reporter), in: transaction)
        try outbox.enqueue(KeyChange(kind: .leaked, key: key, time: leak.at), in: transaction)
        return key
    }
}
