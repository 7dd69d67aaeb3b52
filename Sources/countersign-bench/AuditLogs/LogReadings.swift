import AuditLog
import Storage
import Synchronization
import TransparencyLog

/// What is read from a log that lies in a database, measured once each.
struct LogReadings {
    struct Export {
        /// Entries a second.
        let rate: Double
        let megabytes: Double
        /// MiB that the process had at its highest, the log's writer with it.
        let memory: Double
        /// MiB that it had more than before.
        let growth: Double
    }

    /// Milliseconds: what one of two takes at most, and 99 of 100.
    struct Times {
        let middle: Double
        let slow: Double
    }

    private let log: AuditDatabase

    init(_ log: AuditDatabase) { self.log = log }

    /// Checks all of it from the file, as `countersign audit verify` does.
    /// - Returns: how many entries there are.
    func verify() async throws -> Int {
        let reader = LogReader(database: try ReadOnlySQLiteDatabase(path: log.path))
        let source = DatabaseLog(reader, workspace: log.workspace)
        return try await PrunableLogVerifier(source, key: log.keeper.key).verify().entries.count
    }

    /// That entries at random places are in the log; each proof is checked.
    func inclusions(_ count: Int) async throws -> Times {
        let reader = LogReader(database: log.database)
        let head = try await reader.log(of: log.workspace).head
        return try await times(count) { random in
            let index = random % head.size
            let start = MonotonicClock.now
            let proof = try await reader.inclusionProof(of: index, in: head.size, of: log.workspace)
            let seconds = MonotonicClock.seconds(since: start)
            let entry = try await reader.entry(Int64(index) + 1, of: log.workspace)
            try proof.verify(.leaf(entry.canonicalText), at: index, in: head)
            return seconds
        }
    }

    /// That the log extends earlier ones.
    func consistencies(_ count: Int) async throws -> Times {
        let reader = LogReader(database: log.database)
        let size = try await reader.log(of: log.workspace).head.size
        return try await times(count) { random in
            let start = MonotonicClock.now
            let proof = try await reader.consistencyProof(from: 1 + random % size, to: size, of: log.workspace)
            return proof.hashes.count <= 64 ? MonotonicClock.seconds(since: start) : .infinity
        }
    }

    private func times(_ count: Int, _ one: (UInt64) async throws -> Double) async throws -> Times {
        var seconds: [Double] = []
        for _ in 0..<count { seconds.append(try await one(.random(in: 0..<(1 << 62)))) }
        let milliseconds = seconds.sorted().map { $0 * 1000 }
        return Times(middle: milliseconds[(count - 1) / 2], slow: milliseconds[(count * 99 - 1) / 100])
    }

    /// All entries as JSON Lines, to nowhere.
    func export() async throws -> Export {
        let bytes = Atomic(0)
        let exports = AuditExports(database: log.database, trail: log.trail, now: { WallTime.milliseconds })
        let start = MonotonicClock.now
        let count = Atomic(0)
        let keeper = log.keeper
        let memory = try await OwnProcess.memory {
            let export = try await exports.begin(.jsonl, workspace: log.workspace, origin: .system)
            count.store(export.entries.count, ordering: .relaxed)
            try await export.write(signing: { try keeper.sign($0) }) { bytes.add($0.count, ordering: .relaxed) }
        }
        return Export(
            rate: Double(count.load(ordering: .relaxed)) / MonotonicClock.seconds(since: start),
            megabytes: Double(bytes.load(ordering: .relaxed)) / 1e6, memory: memory.highest,
            growth: memory.highest - memory.before)
    }

    /// - Returns: milliseconds.
    func search(record number: Int) async throws -> Double {
        let found = LoggedChallenges.entriesEach
        return try await search(AuditFilter(record: log.challenges.record(number)), limit: found, expecting: found)
    }

    /// - Returns: milliseconds.
    func search(person number: Int) async throws -> Double {
        try await search(AuditFilter(person: log.challenges.person(number)), limit: 50, expecting: 1)
    }

    private func search(_ filter: AuditFilter, limit: Int, expecting least: Int) async throws -> Double {
        let reader = AuditReader(database: log.database, trail: log.trail)
        let start = MonotonicClock.now
        let found = try await reader.entries(filter, workspace: log.workspace, limit: limit)
        let milliseconds = MonotonicClock.seconds(since: start) * 1000
        guard found.count >= least else { throw BenchmarkError("a search found only \(found.count) entries") }
        return milliseconds
    }

    /// - Returns: milliseconds.
    func erase(person number: Int) async throws -> Double {
        let erasure = AuditErasure(database: log.database, trail: log.trail, now: { WallTime.milliseconds })
        let start = MonotonicClock.now
        guard try await erasure.erase([log.challenges.person(number)], workspace: log.workspace, origin: .system) else {
            throw BenchmarkError("the person to erase was not found")
        }
        return MonotonicClock.seconds(since: start) * 1000
    }
}
