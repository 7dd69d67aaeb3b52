import Storage
import TransparencyLog

/// What a log published last.
public struct PublishedLog: Sendable {
    public let head: TreeHead
    /// The signed note, as it is served, with the cosignatures that there are of it.
    public let checkpoint: String
    /// The key that signed it, as text (a vkey).
    public let verifierKey: String
    /// Unix milliseconds.
    public let signedAt: Int64
    /// The index of the first entry that is kept; the tree begins with 0 all the same.
    public let minimum: UInt64
}

/// Reads a workspace's log as the world checks it: checkpoint, tiles, bundles of entries, proofs. It gives what was signed,
/// which the newest entries are not for a moment.
public struct LogReader: Sendable {
    let database: any Database

    public init(database: any Database) { self.database = database }

    /// Throws `notFound` for a log that was never signed, `unavailable`.
    public func log(of workspace: String) async throws(LogReadingError) -> PublishedLog {
        try await reading(workspace) { log, transaction in
            let cosigned = try CosignedCheckpoint.find(workspace, in: transaction)
            let checkpoint = cosigned.flatMap { $0.isOf(log) ? $0.note : nil } ?? log.checkpoint
            return PublishedLog(
                head: log.head, checkpoint: checkpoint, verifierKey: log.verifierKey, signedAt: log.signedAt,
                minimum: log.minimum)
        }
    }

    /// The newest checkpoint that witnesses have cosigned, a signed note; the log may have grown since. Throws `notFound`
    /// where there is none, `unavailable`.
    public func cosignedCheckpoint(of workspace: String) async throws(LogReadingError) -> String {
        try await reading(workspace) { _, transaction in
            guard let cosigned = try CosignedCheckpoint.find(workspace, in: transaction) else {
                throw LogReadingError(.notFound)
            }
            return cosigned.note
        }
    }

    /// The workspaces that have a log, signed or not: those that the database has, and those of which there is a checkpoint;
    /// the installation itself comes last. Throws `unavailable`.
    public func workspaces() async throws(LogReadingError) -> [String] {
        try await database.read(throwing: LogReadingError.self) { transaction in
            let signed = try transaction.rows("SELECT workspace FROM audit_log", []).map { try $0.text(0) }
            let named = try transaction.rows("SELECT id FROM workspace", []).map { try $0.text(0) } + signed
            let ordered = Set(named).subtracting([AuditEntry.instance]).sorted() + [AuditEntry.instance]
            return try ordered.filter { workspace in
                let entry: StaticString = "SELECT 1 FROM audit_entry WHERE workspace = $1 LIMIT 1"
                return try signed.contains(workspace) || transaction.row(entry, [.text(workspace)]) != nil
            }
        }
    }

    /// The bytes of a tile of hashes or of a bundle of entries, whole or the beginning that the path's width asks for.
    /// Throws `notFound` for what is beyond the checkpoint, `pruned`, `damaged`, `unavailable`.
    public func tile(_ path: TilePath, of workspace: String) async throws(LogReadingError) -> [UInt8] {
        try await reading(workspace) { log, transaction in
            guard log.head.holds(path) else { throw LogReadingError(.notFound) }
            switch path.content {
            case .hashes: return try StoredTiles(workspace: workspace, transaction: transaction).tile(path).bytes
            case .entries: return try Self.bundle(path, of: log, in: transaction)
            }
        }
    }

    /// That the log of `newer` entries extends that of `older`. Throws `notFound` for one that was not signed yet,
    /// `badRange`, `damaged`, `unavailable`.
    public func consistencyProof(
        from older: UInt64, to newer: UInt64, of workspace: String
    ) async throws(LogReadingError) -> ConsistencyProof {
        try await reading(workspace) { log, transaction in
            guard newer <= log.head.size else { throw LogReadingError(.notFound) }
            let tiles = StoredTiles(workspace: workspace, transaction: transaction)
            return try ConsistencyProof(from: older, to: newer, in: tiles.hashes(ofSize: newer))
        }
    }

    /// That the log of `size` entries has the one at `index`, counted from 0. Throws `notFound` for a size that was not
    /// signed yet, `badRange`, `damaged`, `unavailable`.
    public func inclusionProof(
        of index: UInt64, in size: UInt64, of workspace: String
    ) async throws(LogReadingError) -> InclusionProof {
        try await reading(workspace) { log, transaction in
            guard size <= log.head.size else { throw LogReadingError(.notFound) }
            let tiles = StoredTiles(workspace: workspace, transaction: transaction)
            return try InclusionProof(of: index, in: size, from: tiles.hashes(ofSize: size))
        }
    }

    /// One entry by its number. Throws `notFound`, `pruned`, `damaged` where its row is no entry, `unavailable`.
    public func entry(_ sequence: Int64, of workspace: String) async throws(LogReadingError) -> RecordedEntry {
        try await reading(workspace) { log, transaction in
            guard sequence > Int64(log.minimum) else { throw LogReadingError(sequence > 0 ? .pruned : .notFound) }
            let found = try RecordedEntry.range(
                after: sequence - 1, count: 1, workspace: workspace, in: transaction)
            guard let entry = found.first, entry.sequence == sequence else { throw LogReadingError(.notFound) }
            return entry
        }
    }

    private func reading<Value: Sendable>(
        _ workspace: String, _ read: @Sendable (StoredLog, any Transaction) throws -> Value
    ) async throws(LogReadingError) -> Value {
        try await database.read(throwing: LogReadingError.self) { transaction in
            guard let log = try StoredLog.find(workspace, in: transaction) else { throw LogReadingError(.notFound) }
            return try read(log, transaction)
        }
    }

    private static func bundle(
        _ path: TilePath, of log: StoredLog, in transaction: any Transaction
    ) throws -> [UInt8] {
        let first = path.number * UInt64(TilePath.fullWidth)
        guard first >= log.minimum else { throw LogReadingError(.pruned) }
        var bundle = EntryBundle()
        var (last, tooLong) = (Int64(0), false)
        try LentEntry.each(
            after: Int64(first), count: path.width, workspace: log.workspace, in: transaction
        ) { entry, text throws(StorageError) in
            last = try entry.integer(.sequence)
            do { try bundle.append(text) } catch { tooLong = true }
        }
        guard !tooLong, bundle.count == path.width, last == Int64(first) + Int64(path.width) else {
            throw LogReadingError(.damaged, "entries are missing in front of the checkpoint's, or too long")
        }
        return bundle.bytes
    }
}

extension TreeHead {
    /// Whether a tree of this size has all that a tile's path names.
    fileprivate func holds(_ path: TilePath) -> Bool {
        let widest =
            switch path.content {
            case .entries: TilePath(entries: path.number, inLogOf: size)
            // No tree of 64 bits has a higher tile.
            case .hashes(let level): level < 8 ? TilePath(level: level, number: path.number, inTreeOf: size) : nil
            }
        return widest.map { path.width <= $0.width } ?? false
    }
}
