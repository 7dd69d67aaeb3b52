import Storage
import TransparencyLog

/// Takes new entries into the trees of their logs and has these signed, a moment after the entries were committed. Nothing
/// of it is on a request's way.
public actor LogSequencer {
    /// Between two looks at what has changed.
    public static let interval: Duration = .milliseconds(250)
    /// Looks until a log that was refused is tried again.
    private static let patience = 20

    let database: any Database
    let trail: AuditTrail
    let signer: any CheckpointSigning
    let now: @Sendable () -> Int64
    /// By workspace; a log that was not looked at yet is not among them.
    public private(set) var states: [String: LogState] = [:]
    private var looks = 0
    private var signedHeads = 0
    private var signedEntries = 0
    /// When nothing was left to be signed, in Unix milliseconds.
    private var settledAt: Int64?
    /// The look that began last.
    private var latest: Task<Void, Never>?

    /// - Parameters:
    ///   - trail: knows which logs have grown.
    ///   - now: the time in Unix milliseconds.
    public init(
        database: any Database, trail: AuditTrail, signer: any CheckpointSigning, now: @escaping @Sendable () -> Int64
    ) {
        self.database = database
        self.trail = trail
        self.signer = signer
        self.now = now
    }

    /// Looks at all logs, then again and again at those that grow, until the task is cancelled.
    public func run() async throws {
        while !Task.isCancelled {
            await look()
            try await Task.sleep(for: Self.interval)
        }
    }

    /// One look: at all logs the first time, else at those that have changed and those that are not signed yet. Returns
    /// once everything is signed that was committed before and can be signed.
    ///
    /// One look after the other: two that ask about the same log at a time look to the signer like a host that did not get
    /// its answer, and what follows is told twice.
    public func look() async {
        let look = Task { [latest] in
            await latest?.value
            await lookAlone()
        }
        latest = look
        await look.value
    }

    private func lookAlone() async {
        let marked = trail.changes.take()
        do {
            await bringUpToDate(try await due(marked))
            looks += 1
            if states.values.allSatisfy({ $0 == .fine }) { settledAt = now() }
        } catch {
            // The store does not answer: nothing is forgotten.
            for workspace in marked { trail.changes.mark(workspace) }
            for workspace in states.keys where states[workspace] == .fine { states[workspace] = .waiting }
        }
    }

    /// Has the signer asked about a log with the next look, even if it has not grown: what is known of it has changed.
    public func recheck(_ workspace: String) {
        if states[workspace] == .fine { states[workspace] = .waiting }
    }

    /// How far the logs are signed, and what was since the start.
    public var figures: SequencingFigures {
        var figures = SequencingFigures(
            signedHeads: signedHeads, signedEntries: signedEntries, settledAt: settledAt)
        for state in states.values {
            switch state {
            case .fine: figures.fine += 1
            case .waiting: figures.waiting += 1
            case .refused: figures.refused += 1
            }
        }
        return figures
    }

    private func due(_ marked: Set<String>) async throws -> Set<String> {
        guard looks > 0 else { return try await all().union(marked) }
        let unsettled = states.filter { _, state in
            state == .waiting || (state != .fine && looks.isMultiple(of: Self.patience))
        }
        let due = marked.union(unsettled.keys)
        // A workspace is marked before its unit of work has ended. This one ends after all of those.
        if !due.isEmpty { try await database.write { _ in } }
        return due
    }

    private func all() async throws -> Set<String> {
        try await database.read { transaction in
            let rows = try transaction.rows("SELECT id FROM workspace UNION SELECT workspace FROM audit_log", [])
            return try Set(rows.map { try $0.text(0) } + [AuditEntry.instance])
        }
    }

    private func bringUpToDate(_ workspaces: Set<String>) async {
        let signing = LogSigning(database: database, trail: trail, signer: signer, now: now)
        // At the start a log that has not grown is signed all the same: whether the signer knows it as it is, or whether
        // it is older than that, is to be seen at once.
        var turns = workspaces.sorted().map { LogSigning.Turn(workspace: $0, evenUnchanged: states[$0] != .fine) }
        while !turns.isEmpty {
            let round = await signing.take(from: &turns)
            signedHeads += round.signedHeads
            signedEntries += round.signedEntries
            for (workspace, outcome) in round.outcomes {
                switch outcome {
                case .settled(let state): states[workspace] = state
                case .again(let turn): turns.append(turn)
                }
            }
        }
    }
}
