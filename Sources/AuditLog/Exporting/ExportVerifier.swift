import Crypto
import TransparencyLog

/// Why an export is not what the log had.
public struct ExportFault: Error, Equatable, Sendable {
    /// The number of the first entry that does not fit, from 1; nil where it is the manifest, or the whole.
    public let entry: UInt64?
    public let reason: String

    init(entry: UInt64? = nil, _ reason: String) {
        self.entry = entry
        self.reason = reason
    }
}

/// Checks an export piece by piece, by its manifest and the log's public key alone.
public struct ExportVerifier {
    /// What the manifest says, which the log's key has signed.
    public let statement: ExportStatement
    /// The number of entries that fit so far.
    public var checked: UInt64 { edge.size - statement.entries.lowerBound }

    private let consistency: ConsistencyProof
    private var edge: TreeEdge
    private var records: ExportRecords
    private var digest = SHA256()
    private var awaitsHeader: Bool

    /// Throws `ExportFault` for a manifest that `key` did not sign, or that does not fit itself.
    public init(_ manifest: ExportManifest, key: VerifierKey) throws(ExportFault) {
        let checkpoint: Checkpoint
        do throws(LogError) {
            statement = try ExportStatement(
                opening: SignedNote(parsing: Array(manifest.statement.utf8)), signedBy: key)
            checkpoint = try Checkpoint(
                opening: SignedNote(parsing: Array(manifest.checkpoint.utf8)), signedBy: key)
            edge = try TreeEdge(size: statement.entries.lowerBound, hashes: manifest.edge)
        } catch {
            throw ExportFault("manifest: \(error.message)")
        }
        guard checkpoint.head == statement.head else {
            throw ExportFault("manifest: Its checkpoint is another one than that of the export.")
        }
        consistency = manifest.consistency
        records = ExportRecords(statement.format)
        awaitsHeader = statement.format == .csv
    }

    /// Checks the next piece. Throws `ExportFault` for the first entry that does not fit.
    public mutating func take(_ piece: [UInt8]) throws(ExportFault) {
        digest.update(data: piece)
        var reader = records
        // The records are out of the way meanwhile, so that they are not copied.
        records = ExportRecords(statement.format)
        defer { records = reader }
        do {
            guard try reader.take(piece, { try check($0) }) else { throw ExportFault(entry: next, "It is no entry.") }
        } catch let fault as ExportFault {
            throw fault
        } catch {
            throw ExportFault(entry: next, "It cannot be read.")
        }
    }

    /// Says so where the entries are not all, or do not lead to the signed root, or anything else was changed.
    public func finish() throws(ExportFault) {
        guard records.rest.isEmpty else { throw ExportFault(entry: next, "It is cut off.") }
        guard !awaitsHeader, edge.size == statement.entries.upperBound else {
            throw ExportFault(entry: next, "It is missing.")
        }
        do { try consistency.verify(from: edge.head, to: statement.head) } catch {
            throw ExportFault("Entries and leaves fit together, but do not lead to the root that was signed.")
        }
        guard Array(digest.finalize()) == statement.digest.bytes else {
            throw ExportFault("The entries are those of the log, but the file is not the one that was signed.")
        }
    }

    /// The number of the entry that comes next.
    private var next: UInt64 { edge.size + 1 }

    private mutating func check(_ record: [UInt8]) throws(ExportFault) {
        if awaitsHeader {
            guard record == ExportedEntry.header else { throw ExportFault("The first line does not name the columns.") }
            awaitsHeader = false
            return
        }
        guard edge.size < statement.entries.upperBound else {
            throw ExportFault(entry: next, "What stands there is no entry of the export.")
        }
        let isRow = statement.format == .csv
        guard let (entry, leaf) = isRow ? ExportedEntry.read(row: record) : ExportedEntry.read(line: record) else {
            throw ExportFault(entry: next, "What stands there is no entry.")
        }
        if let reason = entry.fault(at: edge.size, of: Self.workspace(statement.origin), leaf: leaf) {
            throw ExportFault(entry: next, reason)
        }
        guard (isRow ? entry.row : entry.line) == record else {
            throw ExportFault(entry: next, "More is written there than the log has.")
        }
        edge.append(leaf)
    }

    /// The workspace that a log's origin ends with.
    private static func workspace(_ origin: KeyName) -> String {
        origin.text.split(separator: "/").last.map { String($0) } ?? ""
    }
}
