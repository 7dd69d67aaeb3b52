import Storage
import TransparencyLog

/// Has the witnesses cosign the newest checkpoints. No request and no signature waits for it.
public actor LogWitnessing {
    /// Between two rounds: a log is shown to a witness at most so often.
    public static let interval: Duration = .seconds(10)

    /// What an operator should hear.
    public enum Report: Sendable, Equatable {
        /// A witness does not cosign a log, in a word why; told once, until it does again.
        case failing(witness: String, workspace: String, reason: String)
        case cosigning(witness: String, workspace: String)
        /// It has seen another tree of a log, of this size.
        case contradicted(witness: String, workspace: String, size: UInt64)
    }

    private struct Place: Hashable {
        let witness: String
        let workspace: String
    }

    private let database: any Database
    private let witnessing: any CheckpointWitnessing
    private let now: @Sendable () -> Int64
    private let report: @Sendable (Report) async -> Void
    /// The size that each witness cosigned last, as far as it was asked in this life.
    private var sizes: [Place: UInt64] = [:]
    private var failing: [Place: String] = [:]
    /// Who did not answer in this round.
    private var silent: Set<String> = []

    /// - Parameters:
    ///   - now: the time in Unix milliseconds.
    ///   - report: is told what an operator should hear.
    public init(
        database: any Database, witnessing: any CheckpointWitnessing, now: @escaping @Sendable () -> Int64,
        report: @escaping @Sendable (Report) async -> Void
    ) {
        self.database = database
        self.witnessing = witnessing
        self.now = now
        self.report = report
    }

    /// Shows the logs again and again, until the task is cancelled.
    public func run() async throws {
        while !Task.isCancelled {
            await round()
            try await Task.sleep(for: Self.interval)
        }
    }

    /// Shows each witness the logs that have grown since it cosigned them. The first time these are all: a witness may have
    /// seen more of a log than there is now.
    public func round() async {
        let witnesses = witnessing.witnesses
        guard !witnesses.isEmpty, let sizes = try? await logs() else { return }
        silent = []
        for (workspace, size) in sizes where !Task.isCancelled {
            await show(workspace, to: witnesses.filter { isDue(Place(witness: $0, workspace: workspace), size) })
        }
    }

    private func logs() async throws -> [(workspace: String, size: UInt64)] {
        try await database.read { transaction in
            try transaction.rows("SELECT workspace, size FROM audit_log ORDER BY workspace", [])
                // A log whose size is none is not witnessed; the others are.
                .compactMap { row in try UInt64(exactly: row.integer(1)).map { (try row.text(0), $0) } }
        }
    }

    private func isDue(_ place: Place, _ size: UInt64) -> Bool {
        sizes[place] != size && !silent.contains(place.witness)
    }

    private func show(_ workspace: String, to witnesses: [String]) async {
        guard !witnesses.isEmpty, let log = try? await database.read({ try StoredLog.find(workspace, in: $0) }),
            let note = try? SignedNote(parsing: Array(log.checkpoint.utf8))
        else { return }
        let lines = await withTaskGroup(of: NoteSignature?.self, returning: [NoteSignature].self) { group in
            for witness in witnesses { group.addTask { await self.ask(witness, log, note) } }
            var lines: [NoteSignature] = []
            for await case let line? in group { lines.append(line) }
            return lines
        }
        guard !lines.isEmpty else { return }
        let time = now()
        try? await database.write { try CosignedCheckpoint.add(lines, to: log, at: time, in: $0) }
    }

    /// - Returns: the witness's signature line, if it gave one.
    private func ask(_ witness: String, _ log: StoredLog, _ note: SignedNote) async -> NoteSignature? {
        let place = Place(witness: witness, workspace: log.workspace)
        var base = min(sizes[place] ?? 0, log.head.size)
        // The second time from where the witness says that it is.
        for _ in 1...2 {
            guard let request = try? await request(log, note, from: base) else { return nil }
            switch await witnessing.cosign(request, by: witness) {
            case .cosigned(let line):
                sizes[place] = log.head.size
                if failing.removeValue(forKey: place) != nil {
                    await report(.cosigning(witness: witness, workspace: log.workspace))
                }
                return line
            case .conflict(let size) where size <= log.head.size: base = size
            // It has cosigned a newer one meanwhile.
            case .conflict, .unavailable: return nil
            case .contradicted(let size):
                await fail(place, "contradicted", .contradicted(witness: witness, workspace: log.workspace, size: size))
                return nil
            case .silent(let reason):
                silent.insert(witness)
                await fail(place, reason)
                return nil
            case .failed(let reason):
                await fail(place, reason)
                return nil
            }
        }
        return nil
    }

    private func request(_ log: StoredLog, _ note: SignedNote, from base: UInt64) async throws -> WitnessRequest {
        let proof = try await LogReader(database: database)
            .consistencyProof(from: base, to: log.head.size, of: log.workspace)
        return WitnessRequest(note: note, base: base, proof: proof)
    }

    private func fail(_ place: Place, _ reason: String, _ what: Report? = nil) async {
        guard failing.updateValue(reason, forKey: place) != reason else { return }
        await report(what ?? .failing(witness: place.witness, workspace: place.workspace, reason: reason))
    }
}
