import Fixtures
import Storage
import Synchronization
import Testing
import TransparencyLog

@testable import AuditLog

/// Logs whose terms tests set and whose clocks tests move.
final class KeptLog: Sendable {
    let log: TestLog
    let signer = TestSigner()
    let time = ManualTime(TestLog.time)
    /// The clock that nobody sets.
    let steady = ManualTime(0)
    let sequencer: LogSequencer
    let damaged = Recorded<String>()
    private let pruner: LogPruner
    private let terms = Mutex<[String: RetentionTerms]>([:])

    var reader: LogReader { LogReader(database: log.database) }

    init() throws {
        log = try TestLog()
        let (log, time, steady) = (log, time, steady)
        let sequencer = LogSequencer(
            database: log.database, trail: log.trail, signer: signer, now: { time.now.unixMilliseconds })
        self.sequencer = sequencer
        pruner = LogPruner(
            database: log.database, trail: log.trail, now: { time.now.unixMilliseconds },
            steady: { steady.now.steadyMilliseconds }, isSigned: { await sequencer.states[$0] == .fine })
    }

    /// Lets time go by for both clocks.
    func pass(days: Int = 0, hours: Int = 0) {
        for clock in [time, steady] { clock.advance(seconds: days * 86_400 + hours * 3_600) }
    }

    /// Appends entries at the present time and has them signed.
    func append(_ count: Int, to workspace: String = "ws_1", about subject: AuditSubject? = nil) async throws {
        let (trail, now) = (log.trail, time.now.unixMilliseconds)
        _ = try await log.database.write { transaction in
            for _ in 0..<count {
                try trail.append(TestLog.entry(workspace, time: now, subject: subject), in: transaction)
            }
        }
        await sequencer.look()
    }

    /// Sets a workspace's terms, as its operator does.
    func keep(_ rule: RetentionRule, held: Bool = false, in workspace: String = "ws_1") async throws {
        let (trail, now, new) = (log.trail, time.now.unixMilliseconds, RetentionTerms(rule: rule, isHeld: held))
        let old = terms.withLock { $0.updateValue(new, forKey: workspace) } ?? RetentionTerms()
        _ = try await log.database.write { transaction in
            try trail.changeRetention(of: workspace, from: old, to: new, at: now, origin: .system, in: transaction)
        }
        await sequencer.look()
    }

    /// What an hour brings: two looks, of which the second prunes.
    func prune() async throws {
        for _ in 0..<2 {
            try await look()
            pass(hours: 1)
        }
        await sequencer.look()
    }

    func look() async throws {
        try await pruner.look { [damaged] workspace, error in
            if error.code == .damaged { damaged.append(workspace) }
        }
    }

    /// The numbers of the entries that are there.
    func numbers(_ workspace: String = "ws_1") async throws -> ClosedRange<Int64>? {
        let all = try await log.all(workspace).map(\.entry.sequence)
        guard let first = all.first, let last = all.last else { return nil }
        #expect(all == Array(first...last))
        return first...last
    }

    /// The details of what was written about pruning.
    func told(_ workspace: String = "ws_1") async throws -> [String] {
        try await log.all(workspace).map(\.entry).filter { $0.action == "log.pruned" }.map(\.detail)
    }

    func verify(_ workspace: String = "ws_1") async throws -> VerifiedLog {
        let key = try #require(signer.verifierKey(of: workspace))
        return try await PrunableLogVerifier(DatabaseLog(reader, workspace: workspace), key: key).verify()
    }
}
