import Enclave
import EnclaveLink
import Testing
import TransparencyLog

@Suite("an older copy of the anchor")
struct OlderAnchorTests {
    private let anchor = MemoryAnchor()
    private let masterKey: MasterKey
    private let enclave: InProcessEnclave
    private let log: TestLog

    init() throws {
        masterKey = try #require(MasterKey(bytes: Array(repeating: 7, count: 32)))
        enclave = try InProcessEnclave(masterKey: masterKey, anchor: .success(anchor))
        log = try TestLog(entries: 20)
    }

    /// Signs 5 entries, then 8, and puts back the anchor of the 5.
    private func putBack() async throws -> (enclave: InProcessEnclave, copy: MemoryAnchor, stored: LogHeadOutcome) {
        #expect(try await enclave.sign(log.proposal(from: 0, to: 5)).isSigned)
        let copy = anchor.copy()
        let stored = try await enclave.sign(log.proposal(from: 5, to: 8))
        return (try InProcessEnclave(masterKey: masterKey, anchor: .success(copy)), copy, stored)
    }

    @Test("is shown by the host's last checkpoint: nothing is signed, from whichever base, and again after a restart")
    func noticed() async throws {
        let (older, _, stored) = try await putBack()
        for _ in 1...2 {
            for base in [8, 5] {
                let proposal = try log.proposal(from: base, to: 9, stored: stored)
                #expect(try await older.sign(proposal) == .refused(.anchorBehind))
            }
            try older.restart()
        }
    }

    @Test("counts again once an operator has said so, and the log says what was signed before")
    func acknowledged() async throws {
        let (older, copy, stored) = try await putBack()
        copy.acknowledgeRestore()
        try older.restart()
        let outcome = try await older.sign(log.proposal(from: 8, to: 9, stored: stored))
        #expect(try outcome.previous == log.head(5))
        #expect(try await older.sign(log.proposal(from: 9, to: 10, stored: outcome)).isSigned)
    }

    @Test("is shown by another tree of the same size, too")
    func sameSize() async throws {
        let (older, _, stored) = try await putBack()
        let fork = log.fork(after: 5)
        #expect(try await older.sign(fork.proposal(from: 5, to: 8)).isSigned)
        #expect(try await older.sign(fork.proposal(from: 8, to: 9, stored: stored)) == .refused(.anchorBehind))
    }

    @Test("is not shown by what another key, or the same key for another log, has signed")
    func forged() async throws {
        let (_, _, stored) = try await putBack()
        let signed = try #require(try stored.signedHead)
        let stranger = try InProcessEnclave()
        let other = try TestLog("ws_2", entries: 20)
        let strangers = try #require(try await stranger.sign(log.proposal(from: 0, to: 8)).signedHead)
        let others = try #require(try await enclave.sign(other.proposal(from: 0, to: 8)).signedHead)
        for forged in [
            strangers, others, SignedHead(head: try log.head(9), signature: signed.signature),
            SignedHead(head: signed.head, signature: []),
        ] {
            var proposal = try log.proposal(from: 5, to: 9)
            proposal.stored = forged
            let fresh = try InProcessEnclave(masterKey: masterKey, anchor: .success(try await anchorOfFive()))
            #expect(try await fresh.sign(proposal).isSigned)
        }
    }

    private func anchorOfFive() async throws -> MemoryAnchor {
        let anchor = MemoryAnchor()
        let enclave = try InProcessEnclave(masterKey: masterKey, anchor: .success(anchor))
        #expect(try await enclave.sign(log.proposal(from: 0, to: 5)).isSigned)
        return anchor
    }

    @Test("is not what a host shows that was killed before it stored an answer, or an enclave before it gave one")
    func lostAnswers() async throws {
        let first = try await enclave.sign(log.proposal(from: 0, to: 5))
        _ = try await enclave.sign(log.proposal(from: 5, to: 8, stored: first))
        try enclave.restart()
        #expect(
            try await enclave.sign(log.proposal(from: 5, to: 9, stored: first))
                == .refused(.wrongBase(try log.head(8))))
        let next = try await enclave.sign(log.proposal(from: 8, to: 9, stored: first))
        #expect(next.isSigned)
        #expect(try await enclave.sign(log.proposal(from: 9, to: 9, stored: next)).isSigned)
    }
}
