import Synchronization

/// Reads bundles of entries before they are asked for, so that a log is read and hashed side by side by whoever goes through
/// it from left to right. A few bundles are in memory at most.
public final class ReadAheadLog<Source: LogSource>: LogSource {
    private typealias Reading = Task<[UInt8]?, any Error>

    /// Bundles that are read ahead.
    private static var depth: UInt64 { 2 }

    private let source: Source
    private let size: UInt64
    private let readings = Mutex<[TilePath: Reading]>([:])

    /// - Parameter size: that of the log; entries beyond it are not read ahead.
    public init(_ source: Source, size: UInt64) {
        self.source = source
        self.size = size
    }

    deinit { readings.withLock { for reading in $0.values { reading.cancel() } } }

    public func checkpoint() async throws -> [UInt8]? { try await source.checkpoint() }

    public func contents(of path: TilePath) async throws -> [UInt8]? {
        guard path.content == .entries else { return try await source.contents(of: path) }
        let begun = readings.withLock { readings in
            defer { advance(beyond: path, &readings) }
            return readings.removeValue(forKey: path)
        }
        if let begun { return try await begun.value }
        return try await source.contents(of: path)
    }

    private func advance(beyond path: TilePath, _ readings: inout [TilePath: Reading]) {
        let wanted = (1...Self.depth).compactMap { TilePath(entries: path.number + $0, inLogOf: size) }
        for (other, reading) in readings where !wanted.contains(other) {
            reading.cancel()
            readings[other] = nil
        }
        for next in wanted where readings[next] == nil {
            readings[next] = Task { [source] in try await source.contents(of: next) }
        }
    }
}
