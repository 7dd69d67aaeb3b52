/// Checks a whole log against the signature on its checkpoint: every entry against its leaf, every tile against the one
/// above, the last ones against the root.
///
/// It goes through the log once, from left to right, with at most one tile of each level in memory.
public struct LogVerifier<Source: LogSource>: Sendable {
    private let source: Source
    private let key: VerifierKey
    private let minimumIndex: UInt64

    /// A verifier of the log that `source` gives and `key` signs, whose name is the log's origin.
    ///
    /// Entries below `minimumIndex` may have been pruned: the check begins with the tile of 256 that holds it.
    public init(_ source: Source, key: VerifierKey, minimumIndex: UInt64 = 0) {
        self.source = source
        self.key = key
        self.minimumIndex = minimumIndex
    }

    /// Checks all of it, and calls `progress` after each tile of entries.
    /// - Throws: ``LogFault`` for the first thing that does not fit; what the source or `progress` throws.
    public func verify(progress: (LogProgress) throws -> Void = { _ in }) async throws -> VerifiedLog {
        let (note, checkpoint) = try await signedCheckpoint()
        let size = checkpoint.size
        guard minimumIndex <= size else {
            throw LogFault(
                .checkpoint, "The log has \(size) entries, and the first \(minimumIndex) are said to be gone.")
        }
        var tiles = try await VerifiedTiles(source, checkpoint.head)
        var number = minimumIndex / UInt64(TilePath.fullWidth)
        let start = number * UInt64(TilePath.fullWidth)
        var checked = start
        while let path = TilePath(level: 0, number: number, inTreeOf: size) {
            try Task.checkCancellation()
            try await tiles.checkEntries(beside: path)
            checked += UInt64(path.width)
            number += 1
            try progress(LogProgress(checked: checked - start, total: size - start))
        }
        try tiles.checkRoot()
        return VerifiedLog(note: note, checkpoint: checkpoint, entries: start..<size)
    }

    private func signedCheckpoint() async throws -> (SignedNote, Checkpoint) {
        guard let bytes = try await source.checkpoint() else { throw LogFault(.checkpoint, "There is none.") }
        do throws(LogError) {
            let note = try SignedNote(parsing: bytes)
            return (note, try Checkpoint(opening: note, signedBy: key))
        } catch {
            throw LogFault(.checkpoint, error.message)
        }
    }
}

/// How far a verification has come.
public struct LogProgress: Sendable, Hashable {
    /// The number of entries that fit.
    public let checked: UInt64
    /// The number of entries to check.
    public let total: UInt64
}

/// A log that was verified.
public struct VerifiedLog: Sendable, Hashable {
    /// The checkpoint with its signatures, of which the log's own is checked.
    public let note: SignedNote
    /// What it says.
    public let checkpoint: Checkpoint
    /// The indices of the entries that were checked.
    public let entries: Range<UInt64>
}
