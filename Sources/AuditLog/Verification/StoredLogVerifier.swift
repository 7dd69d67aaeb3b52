import Storage
import TransparencyLog

/// Checks a workspace's log in its database: what was signed as ``PrunableLogVerifier`` does, then what only the database
/// has of it, which no signature covers.
public struct StoredLogVerifier: Sendable {
    private let database: any Database
    private let workspace: String
    private let key: VerifierKey

    /// A verifier of the log of `workspace`, which `key` signs.
    public init(_ database: any Database, workspace: String, key: VerifierKey) {
        self.database = database
        self.workspace = workspace
        self.key = key
    }

    /// A log in which everything fits.
    public struct Verified: Sendable {
        public let log: VerifiedLog
        /// How many entries there are that no checkpoint takes in yet.
        public let unsigned: Int
    }

    /// Checks all of it, and calls `progress` after each tile of entries.
    ///
    /// - Parameter kept: checkpoints of the key that somebody kept elsewhere.
    /// - Throws: `LogFault`, ``StoredLogFault`` for the first thing that does not fit; `LogReadingError`, `StorageError`
    ///   where the database cannot be read; what `progress` throws.
    public func verify(
        extending kept: [Checkpoint] = [], progress: (LogProgress) throws -> Void = { _ in }
    ) async throws -> Verified {
        try await read("The row of the log") { try $0?.requireSigned(by: key, in: $1) }
        let source = DatabaseLog(LogReader(database: database), workspace: workspace)
        let log = try await PrunableLogVerifier(source, key: key, extending: kept).verify(progress: progress)
        var bundle: UInt64? = 0
        while let next = bundle {
            bundle = try await read("The search index") { try $0?.checkSummary(from: next, in: $1) }
        }
        let unsigned = try await read("An entry after the signed ones") { try $0?.unsignedEntries(in: $1) } ?? 0
        try await checkErasures(upTo: Int64(log.checkpoint.head.size) + Int64(unsigned))
        return Verified(log: log, unsigned: unsigned)
    }

    /// Keys of persons are gone only where an entry says so.
    private func checkErasures(upTo last: Int64) async throws {
        var keyless = KeylessParts()
        for first in stride(from: 1, through: last, by: Int64.Stride(KeylessParts.step)) {
            keyless = try await read("A personal part") { [keyless] _, transaction in
                var keyless = keyless
                try keyless.look(from: first, workspace: workspace, in: transaction)
                return keyless
            }
        }
        // After them, so that what is erased meanwhile is explained too.
        try await read("An erasure") { [keyless] _, transaction in
            try keyless.requireErased(workspace, in: transaction)
        }
    }

    private func read<Value: Sendable>(
        _ subject: String, _ body: @Sendable (StoredLog?, any Transaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.read { try body(StoredLog.find(workspace, in: $0), $0) }
        } catch let error as StorageError where error.code == .unexpectedValue {
            throw StoredLogFault("\(subject) cannot be read: \(error.reason).")
        } catch let error as LogError {
            throw StoredLogFault("\(subject) cannot be read: \(error.message)")
        }
    }
}
