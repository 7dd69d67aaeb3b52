import Storage

/// What a send is counted under, already normalised, so that two spellings of one contact share a limit.
public struct SendSubject: Equatable, Sendable {
    /// The contact's digest in hexadecimal.
    public let recipient: String
    /// The number without its last four digits; nil for mail, whose domains hold millions.
    public let prefix: String?
    /// The number's region such as `DE`; nil for mail.
    public let country: String?
    /// The caller's network; nil if it has none (the Unix socket).
    public let network: String?

    public init(recipient: String, prefix: String?, country: String?, network: String?) {
        self.recipient = recipient
        self.prefix = prefix
        self.country = country
        self.network = network
    }
}

/// Quota, budget and rates of live sends. All are taken in the unit of work of the send: where one refuses, none is
/// used up.
public struct SendingLimits: Sendable {
    static let hour: Int64 = 3_600_000
    static let day: Int64 = 86_400_000

    public init() {}

    /// Takes one send from every limit. Throws `quotaExceeded`, `budgetExceeded`, `rateLimited`.
    public func take(
        _ subject: SendSubject, from workspace: Workspace, now: Int64, in transaction: any Transaction
    ) throws {
        for allowance in Self.allowances(of: subject, settings: workspace.settings) {
            if let wait = try allowance.take(workspace: workspace.id, now: now, in: transaction) {
                throw WorkspaceError.rateLimited(
                    by: allowance.kind, limit: allowance.limit, retryAfter: Self.seconds(wait))
            }
        }
        if let wait = try Self.budget(workspace.settings).take(workspace: workspace.id, now: now, in: transaction) {
            throw WorkspaceError.budgetExceeded(retryAfter: Self.seconds(wait))
        }
        try takeQuota(of: workspace, now: now, in: transaction)
    }

    /// Gives back what `take` took at `now`, for a send that no provider accepted.
    public func giveBack(
        _ subject: SendSubject, to workspace: Workspace, takenAt now: Int64, in transaction: any Transaction
    ) throws(StorageError) {
        for allowance in Self.allowances(of: subject, settings: workspace.settings) {
            try allowance.giveBack(workspace: workspace.id, in: transaction)
        }
        try Self.budget(workspace.settings).giveBack(workspace: workspace.id, in: transaction)
        try transaction.execute(
            "UPDATE monthly_use SET used = used - 1 WHERE workspace = $1 AND month = $2 AND used > 0",
            [.text(workspace.id), .text(CalendarMonth(at: now).name)])
    }

    /// Deletes at most `count` rows that limit nothing any more, and returns how many.
    public func prune(now: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try Allowance.prune(now: now, count: count, in: transaction)
    }

    private func takeQuota(of workspace: Workspace, now: Int64, in transaction: any Transaction) throws {
        let month = CalendarMonth(at: now)
        let quota = workspace.settings.monthlyQuota
        let limit = quota == 0 ? Int64.max : Int64(quota)
        let changed = try transaction.execute(
            """
            INSERT INTO monthly_use (workspace, month, used) VALUES ($1, $2, 1)
            ON CONFLICT (workspace, month) DO UPDATE SET used = monthly_use.used + 1 WHERE monthly_use.used < $3
            """, [.text(workspace.id), .text(month.name), .integer(limit)])
        if changed == 0 { throw WorkspaceError.quotaExceeded(retryAfter: Self.seconds(month.end - now)) }
    }

    private static func allowances(of subject: SendSubject, settings: WorkspaceSettings) -> [Allowance] {
        var allowances = [
            Allowance(kind: "recipient", subject: subject.recipient, limit: settings.recipientLimit, period: hour)
        ]
        if let prefix = subject.prefix {
            allowances.append(Allowance(kind: "prefix", subject: prefix, limit: settings.prefixLimit, period: hour))
        }
        if let country = subject.country {
            allowances.append(
                Allowance(kind: "country", subject: country, limit: settings.countryLimit, period: hour))
        }
        if let network = subject.network {
            allowances.append(
                Allowance(kind: "network", subject: network, limit: settings.networkLimit, period: hour))
        }
        return allowances
    }

    private static func budget(_ settings: WorkspaceSettings) -> Allowance {
        Allowance(kind: "budget", subject: "", limit: settings.dailyBudget, period: day)
    }

    private static func seconds(_ milliseconds: Int64) -> Int { Int((milliseconds + 999) / 1000) }
}
