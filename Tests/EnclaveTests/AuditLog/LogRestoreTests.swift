import Enclave
import EnclaveLink
import Testing
import TransparencyLog

@Suite("a restore that was acknowledged")
struct LogRestoreTests {
    private let anchor = MemoryAnchor()
    private let enclave: InProcessEnclave
    private let log: TestLog
    /// What the backup made of the log: it ends at 5, and went another way from there.
    private let restored: TestLog

    init() async throws {
        enclave = try InProcessEnclave(anchor: .success(anchor))
        log = try TestLog(entries: 20)
        restored = log.fork(after: 5)
        try #require(try await enclave.sign(log.proposal(from: 0, to: 8)).isSigned)
    }

    private func acknowledge() throws {
        anchor.acknowledgeRestore()
        try enclave.restart()
    }

    @Test("without it a restored database is refused, with the head that was lost")
    func unacknowledged() async throws {
        try enclave.restart()
        #expect(try await enclave.sign(restored.proposal(from: 5, to: 6)) == .refused(.wrongBase(try log.head(8))))
    }

    @Test("the first head is taken whatever it is, and the answer names the one that it takes the place of")
    func taken() async throws {
        try acknowledge()
        let outcome = try await enclave.sign(restored.proposal(from: 5, to: 6))
        #expect(try outcome.previous == log.head(8))
        #expect(try enclave.checkpoint(try #require(outcome.note), of: log).head == restored.head(6))
        #expect(try await enclave.sign(restored.proposal(from: 6, to: 7)).isSigned)
        // From here on the rules are the old ones.
        #expect(try await enclave.sign(log.proposal(from: 7, to: 8)) == .refused(.inconsistent))
        try enclave.restart()
        #expect(try await enclave.sign(log.proposal(from: 8, to: 9)) == .refused(.wrongBase(try restored.head(7))))
    }

    @Test("another tree of the very size that was signed is taken too")
    func sameSize() async throws {
        try acknowledge()
        #expect(try await enclave.sign(restored.proposal(from: 8, to: 8)).previous == log.head(8))
    }

    @Test("a log that the restore did not touch goes on as ever, and is open no longer")
    func untouched() async throws {
        try acknowledge()
        #expect(try await enclave.sign(log.proposal(from: 8, to: 9)).isSigned)
        #expect(try await enclave.sign(restored.proposal(from: 5, to: 6)) == .refused(.wrongBase(try log.head(9))))
    }

    @Test("a head that no tree has is not taken")
    func impossible() async throws {
        try acknowledge()
        let proposal = LogHeadProposal(
            origin: log.origin, head: TreeHead(size: 0, root: .leaf([])), baseSize: 5, proof: ConsistencyProof([]))
        #expect(try await enclave.sign(proposal) == .refused(.wrongBase(try log.head(8))))
        #expect(try await enclave.sign(restored.proposal(from: 5, to: 6)).previous == log.head(8))
    }

    @Test("where the anchor was made anew, logs are taken as they are and say so; new ones begin as ever")
    func madeAnew() async throws {
        let anchor = MemoryAnchor()
        anchor.acknowledgeRestore()
        let enclave = try InProcessEnclave(anchor: .success(anchor))
        #expect(try await enclave.sign(log.proposal(from: 8, to: 9)).previous == .empty)
        #expect(try await enclave.sign(TestLog("ws_2", entries: 2).proposal(from: 0, to: 2)).isSigned)
    }

    @Test("an answer that was lost with the enclave is given again, and then no more")
    func lostAnswer() async throws {
        try acknowledge()
        _ = try await enclave.sign(restored.proposal(from: 5, to: 6))
        try enclave.restart()
        #expect(try await enclave.sign(restored.proposal(from: 5, to: 6)) == .refused(.wrongBase(try restored.head(6))))
        #expect(try await enclave.sign(restored.proposal(from: 6, to: 7)).previous == log.head(8))
        #expect(try await enclave.sign(restored.proposal(from: 7, to: 8)).isSigned)
        try enclave.restart()
        #expect(try await enclave.sign(restored.proposal(from: 8, to: 9)).isSigned)
    }

    @Test("an answer that came too late for the host is given again as well")
    func lateAnswer() async throws {
        try acknowledge()
        _ = try await enclave.sign(restored.proposal(from: 5, to: 6))
        #expect(try await enclave.sign(restored.proposal(from: 5, to: 7)) == .refused(.wrongBase(try restored.head(6))))
        #expect(try await enclave.sign(restored.proposal(from: 6, to: 7)).previous == log.head(8))
        #expect(try await enclave.sign(restored.proposal(from: 7, to: 7)).previous == log.head(8))
        #expect(try await enclave.sign(restored.proposal(from: 7, to: 8)).isSigned)
    }

    @Test("where the disk is full nothing is taken")
    func notKept() async throws {
        try acknowledge()
        anchor.isBroken = true
        #expect(try await enclave.sign(restored.proposal(from: 5, to: 6)) == .refused(.anchorFailed))
        anchor.isBroken = false
        #expect(try await enclave.sign(restored.proposal(from: 5, to: 6)).previous == log.head(8))
    }
}
