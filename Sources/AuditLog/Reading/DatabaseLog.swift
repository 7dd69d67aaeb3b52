import Storage
import TransparencyLog

/// A workspace's log as it lies in the database, for whoever verifies it there: what is missing or cannot be read is left
/// out, so that the verification names it.
public struct DatabaseLog: LogSource {
    private let reader: LogReader
    private let workspace: String

    public init(_ reader: LogReader, workspace: String) {
        self.reader = reader
        self.workspace = workspace
    }

    public func checkpoint() async throws -> [UInt8]? {
        do { return Array(try await reader.log(of: workspace).checkpoint.utf8) } catch {
            return try Self.nothing(error)
        }
    }

    public func contents(of path: TilePath) async throws -> [UInt8]? {
        do { return try await reader.tile(path, of: workspace) } catch {
            guard error.code == .damaged, path.content == .entries else { return try Self.nothing(error) }
            return try await readable(path)
        }
    }

    /// The entries of a bundle one by one; nothing stands for one that cannot be read.
    private func readable(_ path: TilePath) async throws -> [UInt8] {
        var bundle = EntryBundle()
        let first = Int64(path.number) * Int64(TilePath.fullWidth)
        for sequence in (first + 1)...(first + Int64(path.width)) {
            let entry: RecordedEntry?
            do { entry = try await reader.entry(sequence, of: workspace) } catch {
                guard error.code != .unavailable else { throw error }
                entry = nil
            }
            try bundle.append(entry?.canonicalText ?? [])
        }
        return bundle.bytes
    }

    /// Nil where the error is the log's. Throws where it is the store's, which says nothing about the log.
    private static func nothing<Value>(_ error: LogReadingError) throws(LogReadingError) -> Value? {
        guard error.code != .unavailable else { throw error }
        return nil
    }
}
