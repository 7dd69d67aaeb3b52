import Synchronization
import TransparencyLog

/// Checks a log that may have been pruned: as ``LogVerifier`` does, from the first bundle of entries that is there.
///
/// Nobody is believed about where a log begins: an entry `log.pruned` that is signed with the rest has to say that what is
/// missing in front was pruned. There always is one, because the newest comes after all that it tells of.
public struct PrunableLogVerifier<Source: LogSource>: Sendable {
    private let source: Source
    private let key: VerifierKey
    private let kept: [Checkpoint]

    /// A verifier of the log that `source` gives and `key` signs.
    ///
    /// - Parameter kept: checkpoints of `key` that somebody kept elsewhere; the log has to extend each of them.
    public init(_ source: Source, key: VerifierKey, extending kept: [Checkpoint] = []) {
        self.source = source
        self.key = key
        self.kept = kept
    }

    /// Checks all of it, and calls `progress` after each tile of entries.
    /// - Throws: `LogFault` for the first thing that does not fit; what the source or `progress` throws.
    public func verify(progress: (LogProgress) throws -> Void = { _ in }) async throws -> VerifiedLog {
        let (front, size) = try await extent()
        let listening = PruningListener(ReadAheadLog(source, size: size))
        let verified = try await LogVerifier(listening, key: key, minimumIndex: front).verify(progress: progress)
        guard front <= listening.told else {
            throw LogFault(
                .entry(listening.told),
                """
                It is missing, as are all up to entry \(front), and no signed entry says that they were pruned. If they \
                were pruned a second ago, check again.
                """)
        }
        for checkpoint in kept { try await verified.requireExtension(of: checkpoint, from: source) }
        return verified
    }

    /// The index of the first entry that is there, and the log's size; 0 where the log cannot be read, so that the
    /// verification says why.
    private func extent() async throws -> (front: UInt64, size: UInt64) {
        guard let bytes = try await source.checkpoint(), let note = try? SignedNote(parsing: bytes),
            let size = try? Checkpoint(opening: note, signedBy: key).size, size > 0
        else { return (0, 0) }
        let width = UInt64(TilePath.fullWidth)
        var (missing, there) = (UInt64(0), (size - 1) / width)
        guard try await !has(missing, size), try await has(there, size) else { return (0, size) }
        while there - missing > 1 {
            let middle = missing + (there - missing) / 2
            if try await has(middle, size) { there = middle } else { missing = middle }
        }
        return (there * width, size)
    }

    private func has(_ bundle: UInt64, _ size: UInt64) async throws -> Bool {
        guard let path = TilePath(entries: bundle, inLogOf: size) else { return false }
        return try await source.contents(of: path) != nil
    }
}

/// Passes a log on and notes what its entries say of pruning.
private final class PruningListener<Source: LogSource>: LogSource {
    private let source: Source
    private let newest = Mutex<UInt64>(0)

    init(_ source: Source) { self.source = source }

    /// How many entries were pruned from the front, as the entries that were passed on say.
    var told: UInt64 { newest.withLock { $0 } }

    func checkpoint() async throws -> [UInt8]? { try await source.checkpoint() }

    func contents(of path: TilePath) async throws -> [UInt8]? {
        guard let bytes = try await source.contents(of: path) else { return nil }
        if path.content == .entries, let entries = try? EntryBundle(decoding: bytes, count: path.width) {
            for entry in entries {
                guard let pruned = PrunedEntries(canonicalText: entry) else { continue }
                newest.withLock { $0 = max($0, pruned.last) }
            }
        }
        return bytes
    }
}
