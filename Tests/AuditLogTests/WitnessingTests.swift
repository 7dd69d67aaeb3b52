import AuditLog
import Crypto
import Fixtures
import Synchronization
import Testing
import TransparencyLog

@Suite("The witnesses of a log")
struct WitnessingTests {
    private let log: TestLog
    private let sequencer: LogSequencer
    private let reports = Recorded<LogWitnessing.Report>()
    private var reader: LogReader { LogReader(database: log.database) }

    init() throws {
        log = try TestLog()
        sequencer = LogSequencer(
            database: log.database, trail: log.trail, signer: TestSigner(), now: { TestLog.time })
    }

    private func witnessing(_ witnesses: TestWitnesses) -> LogWitnessing {
        let reports = reports
        return LogWitnessing(
            database: log.database, witnessing: witnesses, now: { TestLog.time }, report: { reports.append($0) })
    }

    private func grow(_ count: Int = 3, _ workspace: String = "ws_1") async throws {
        for _ in 0..<count { try await log.append(TestLog.entry(workspace)) }
        await sequencer.look()
    }

    /// The names below the checkpoint that is served.
    private func signers() async throws -> [String] {
        let log = try await reader.log(of: "ws_1")
        return try SignedNote(parsing: Array(log.checkpoint.utf8)).signatures.map { "\($0.name)" }
    }

    @Test("cosign what it was, and then what it became, with a proof from there")
    func cosigned() async throws {
        let witnesses = TestWitnesses(["w1", "w2"])
        let witnessing = witnessing(witnesses)
        try await grow()
        await #expect(throws: LogReadingError.self) { try await reader.cosignedCheckpoint(of: "ws_1") }
        await witnessing.round()
        #expect(try await signers().sorted() == ["log.example.com/ws_1", "w1", "w2"])
        let first = try await reader.cosignedCheckpoint(of: "ws_1")
        try await grow(300)
        // The newer one has none yet, and the older one is still there.
        #expect(try await signers() == ["log.example.com/ws_1"])
        #expect(try await reader.cosignedCheckpoint(of: "ws_1") == first)
        await witnessing.round()
        #expect(try await signers().count == 3)
        #expect(witnesses.asked == [0, 0, 3, 3] && reports.all.isEmpty)
    }

    @Test("are not asked about what they have cosigned, and after a restart once more, from where they are")
    func restart() async throws {
        let witnesses = TestWitnesses(["w1"])
        let first = witnessing(witnesses)
        try await grow()
        for _ in 1...3 { await first.round() }
        #expect(witnesses.asked == [0])
        await witnessing(witnesses).round()
        #expect(witnesses.asked == [0, 0, 3])
    }

    @Test("that are down stop nothing, are told of once, and cosign when they are back, beside the others")
    func down() async throws {
        let witnesses = TestWitnesses(["w1", "w2"])
        let witnessing = witnessing(witnesses)
        try await grow()
        try await grow(1, "ws_2")
        witnesses.silence("w2")
        for _ in 1...2 { await witnessing.round() }
        #expect(try await signers() == ["log.example.com/ws_1", "w1"])
        // Not tried with each log.
        #expect(reports.all == [.failing(witness: "w2", workspace: "ws_1", reason: "timed_out")])
        witnesses.silence(nil)
        await witnessing.round()
        #expect(try await signers() == ["log.example.com/ws_1", "w1", "w2"])
        #expect(reports.all.last == .cosigning(witness: "w2", workspace: "ws_1"))
    }

    @Test("that have seen more say so, whether or not the log has grown")
    func contradicted() async throws {
        let witnesses = TestWitnesses(["w1"])
        try await grow()
        await witnessing(witnesses).round()
        witnesses.claim(size: 9)
        let restarted = witnessing(witnesses)
        for _ in 1...2 { await restarted.round() }
        #expect(reports.all == [.contradicted(witness: "w1", workspace: "ws_1", size: 9)])
    }

    @Test("where there are none nothing is asked")
    func none() async throws {
        try await grow()
        await witnessing(TestWitnesses([])).round()
        #expect(try await signers() == ["log.example.com/ws_1"])
    }

    @Test("a log that a witness has contradicted is asked about again at the next look")
    func recheck() async throws {
        let signer = TestSigner()
        let sequencer = LogSequencer(
            database: log.database, trail: log.trail, signer: signer, now: { TestLog.time })
        try await log.append(TestLog.entry())
        await sequencer.look()
        await sequencer.look()
        let before = signer.messages.count
        await sequencer.recheck("ws_1")
        await sequencer.look()
        #expect(signer.messages.count == before + 1)
    }
}

/// Cosigns what extends what it cosigned, as far as the proof says; the enclave is left out.
private final class TestWitnesses: CheckpointWitnessing {
    private struct State {
        var heads: [String: TreeHead] = [:]
        var asked: [UInt64] = []
        var silent: String?
        var claimed: UInt64?
    }

    let witnesses: [String]
    private let state = Mutex(State())

    init(_ witnesses: [String]) { self.witnesses = witnesses }

    /// The sizes that were asked from, in their order.
    var asked: [UInt64] { state.withLock { $0.asked } }
    func silence(_ witness: String?) { state.withLock { $0.silent = witness } }
    func claim(size: UInt64) { state.withLock { $0.claimed = size } }

    func cosign(_ request: WitnessRequest, by witness: String) async -> WitnessVerdict {
        state.withLock { state in
            guard state.silent != witness else { return .silent("timed_out") }
            if let size = state.claimed { return .contradicted(size: size) }
            state.asked.append(request.base)
            let last = state.heads[witness] ?? .empty
            guard request.base == last.size else { return .conflict(size: last.size) }
            guard let head = try? Checkpoint(parsing: request.note.text).head, let name = try? KeyName(witness),
                (try? request.proof.verify(from: last, to: head)) != nil
            else { return .failed("unfit") }
            state.heads[witness] = head
            return .cosigned(NoteSignature(name: name, keyID: 1, bytes: Array(repeating: 1, count: 72)))
        }
    }
}
