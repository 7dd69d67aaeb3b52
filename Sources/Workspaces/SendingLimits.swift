import Storage

/// Quota, budget and rates of sends. All are taken in the unit of work of the send: where one refuses, none is used up.
public struct SendingLimits: Sendable {
    static let hour: Int64 = 3_600_000
    static let day: Int64 = 86_400_000
    /// Sends under one `rateLimitKey` in any 3 minutes (the Turnkey dialect's limit).
    static let rateLimitKeyLimit = 3
    static let rateLimitKeyPeriod: Int64 = 180_000

    public init() {}

    /// Takes one send from every limit that counts for its kind. Throws `quotaExceeded`, `budgetExceeded`, `rateLimited`.
    public func take(
        _ subject: SendSubject, as kind: SendKind, from workspace: Workspace, now: Int64,
        in transaction: any Transaction
    ) throws {
        if let window = Self.window(of: subject),
            let wait = try window.take(workspace: workspace.id, now: now, in: transaction)
        {
            throw Self.refusal(by: .rateLimitKey, named: window.kind, window.limit, in: window.period, wait: wait)
        }
        for (limit, allowance) in Self.allowances(of: subject, settings: workspace.settings) {
            guard let allowance = kind.takes(limit) ? allowance : kind.standIn(for: allowance) else { continue }
            if let wait = try allowance.take(workspace: workspace.id, now: now, in: transaction) {
                throw Self.refusal(
                    by: limit, named: allowance.shownKind, allowance.limit, in: allowance.period, wait: wait)
            }
        }
        if let uses = kind.quotaUses { try takeQuota(uses, of: workspace, now: now, in: transaction) }
    }

    /// The limit that a message would be refused by now, of those that the asker must not learn of; nil if none.
    public func exhausted(
        for subject: SendSubject, of workspace: Workspace, now: Int64, in transaction: any Transaction
    ) throws(StorageError) -> SendLimit? {
        for (limit, allowance) in Self.allowances(of: subject, settings: workspace.settings) where !limit.isOfAsker {
            if try allowance.wait(workspace: workspace.id, now: now, in: transaction) > 0 { return limit }
        }
        return nil
    }

    /// Gives back what `take` took for a message at `now` that no provider accepted. An asker who must not learn that
    /// keeps having used its own limits.
    ///
    /// - Parameter mayHaveArrived: the provider may have taken it all the same, and then it has its price: the budget keeps
    ///   it.
    public func giveBack(
        _ subject: SendSubject, to workspace: Workspace, takenAt now: Int64, askerLearns: Bool,
        mayHaveArrived: Bool, in transaction: any Transaction
    ) throws(StorageError) {
        for (limit, allowance) in Self.allowances(of: subject, settings: workspace.settings)
        where (askerLearns || !limit.isOfAsker) && (!mayHaveArrived || limit != .budget) {
            try allowance.giveBack(workspace: workspace.id, in: transaction)
        }
        if askerLearns {
            try Self.window(of: subject)?.giveBack(workspace: workspace.id, takenAt: now, in: transaction)
        }
        try transaction.execute(
            "UPDATE monthly_use SET used = used - 1 WHERE workspace = $1 AND month = $2 AND used > 0",
            [.text(workspace.id), .text(CalendarMonth(at: now).name)])
    }

    /// Deletes at most `count` rows that limit nothing any more, and returns how many.
    public func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try Allowance.prune(now: now, count: count, in: transaction)
    }

    private func takeQuota(
        _ uses: Int64, of workspace: Workspace, now: Int64, in transaction: any Transaction
    ) throws {
        let changed = try transaction.execute(
            """
            INSERT INTO monthly_use (workspace, month, used) VALUES ($1, $2, $4)
            ON CONFLICT (workspace, month) DO UPDATE SET used = monthly_use.used + $4 WHERE monthly_use.used < $3
            """,
            [
                .text(workspace.id), .text(CalendarMonth(at: now).name), .integer(Self.quota(of: workspace)),
                .integer(uses),
            ])
        if changed == 0 { throw Self.quotaExceeded(at: now) }
    }

    private static func quota(of workspace: Workspace) -> Int64 {
        let quota = workspace.settings.monthlyQuota
        return quota == 0 ? .max : Int64(quota)
    }

    private static func allowances(
        of subject: SendSubject, settings: WorkspaceSettings
    ) -> [(SendLimit, Allowance)] {
        func allowance(_ limit: SendLimit, _ subject: String?, _ uses: Int, _ period: Int64) -> (SendLimit, Allowance)?
        {
            subject.map { (limit, Allowance(kind: limit.rawValue, subject: $0, limit: uses, period: period)) }
        }
        let own = settings.parsedOwnLimits.compactMap { own in
            subject.own[own.name].map { digest in
                (
                    SendLimit.own,
                    Allowance(
                        kind: "own \(own.name)", subject: digest, limit: own.uses, period: Int64(own.seconds) * 1000)
                )
            }
        }
        return [
            allowance(.recipient, subject.recipient, settings.recipientLimit, hour),
            allowance(.prefix, subject.prefix, settings.prefixLimit, hour),
            allowance(.country, subject.country, settings.countryLimit, hour),
            allowance(.network, subject.network, settings.networkLimit, hour),
            allowance(.budget, "", settings.dailyBudget, day),
        ].compactMap { $0 } + own
    }

    /// The ceiling under the caller's own name for whoever asks, which every kind of send takes from.
    private static func window(of subject: SendSubject) -> AllowanceWindow? {
        subject.rateLimitKey.map {
            AllowanceWindow(
                kind: SendLimit.rateLimitKey.rawValue, subject: $0, limit: rateLimitKeyLimit,
                period: rateLimitKeyPeriod)
        }
    }

    private static func refusal(
        by limit: SendLimit, named name: String, _ uses: Int, in period: Int64, wait: Int64
    ) -> WorkspaceError {
        guard limit != .budget else { return .budgetExceeded(retryAfter: seconds(wait)) }
        let policy = RateLimitPolicy(name: name, uses: uses, seconds: seconds(period))
        return .rateLimited(by: name, policy: policy, retryAfter: seconds(wait))
    }

    private static func quotaExceeded(at now: Int64) -> WorkspaceError {
        .quotaExceeded(retryAfter: seconds(CalendarMonth(at: now).end - now))
    }

    private static func seconds(_ milliseconds: Int64) -> Int { Int((milliseconds + 999) / 1000) }
}
