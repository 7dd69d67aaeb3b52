import Enclave
import EnclaveLink
import Testing
import TransparencyLog

@Suite("heads of the logs")
struct LogHeadTests {
    private let anchor = MemoryAnchor()
    private let enclave: InProcessEnclave
    private let log: TestLog

    init() throws {
        enclave = try InProcessEnclave(anchor: .success(anchor))
        log = try TestLog(entries: 20)
    }

    private func signed(_ sizes: Int...) async throws {
        var base = 0
        for size in sizes {
            try #require(try await enclave.sign(log.proposal(from: base, to: size)).isSigned)
            base = size
        }
    }

    @Test("what extends the last head is signed, in a checkpoint that the log's public key opens")
    func extends() async throws {
        for (base, size) in [(0, 0), (0, 1), (1, 2), (2, 7), (7, 8), (8, 20)] {
            let note = try #require(try await enclave.sign(log.proposal(from: base, to: size)).note)
            let checkpoint = try enclave.checkpoint(note, of: log)
            #expect(try checkpoint.head == log.head(size))
            #expect(checkpoint.origin == log.origin)
        }
    }

    @Test("the head that was signed last is signed again, alike")
    func again() async throws {
        try await signed(8)
        let first = try await enclave.sign(log.proposal(from: 8, to: 8))
        #expect(first.isSigned)
        #expect(try await enclave.sign(log.proposal(from: 8, to: 8)) == first)
    }

    @Test("an earlier head, shown again, is refused with the head that counts")
    func replayed() async throws {
        try await signed(5, 8)
        let last = try log.head(8)
        for (base, size) in [(0, 5), (5, 8), (5, 5), (0, 8), (0, 20)] {
            #expect(try await enclave.sign(log.proposal(from: base, to: size)) == .refused(.wrongBase(last)))
        }
        #expect(try await enclave.sign(log.proposal(from: 8, to: 9)).isSigned)
    }

    @Test("a tree that shrank is refused, even to nothing", arguments: [0, 1, 5, 7])
    func shrunk(size: Int) async throws {
        try await signed(8)
        let proposal = LogHeadProposal(
            origin: log.origin, head: try log.head(size), baseSize: 8, proof: try log.proof(from: size, to: 8))
        #expect(try await enclave.sign(proposal) == .refused(.inconsistent))
    }

    @Test("another root of the same size is refused")
    func otherRoot() async throws {
        try await signed(8)
        #expect(try await enclave.sign(log.fork(after: 7).proposal(from: 8, to: 8)) == .refused(.inconsistent))
    }

    @Test("entries changed below the last head are refused, with whatever proof", arguments: 0..<8)
    func forked(after size: Int) async throws {
        try await signed(8)
        let fork = log.fork(after: size)
        for proof in [try fork.proof(from: 8, to: 12), try log.proof(from: 8, to: 12), ConsistencyProof([])] {
            let proposal = LogHeadProposal(
                origin: log.origin, head: try fork.head(12), baseSize: 8, proof: proof)
            #expect(try await enclave.sign(proposal) == .refused(.inconsistent))
        }
    }

    @Test("a proof of another pair of sizes is refused, and so is one with a hash too many")
    func otherProof() async throws {
        try await signed(5)
        let right = try log.proof(from: 5, to: 9)
        let wrong =
            try [(4, 9), (6, 9), (5, 8), (5, 10), (5, 5)].map { try log.proof(from: $0, to: $1) }
            + [ConsistencyProof(right.hashes + [.empty]), ConsistencyProof(right.hashes.dropLast())]
        for proof in wrong {
            let proposal = LogHeadProposal(origin: log.origin, head: try log.head(9), baseSize: 5, proof: proof)
            #expect(try await enclave.sign(proposal) == .refused(.inconsistent))
        }
    }

    @Test("another log's head is refused, and each log goes its own way")
    func otherLog() async throws {
        var other = try TestLog("ws_2")
        other.entries = (0..<20).map { "another \($0)" }
        try await signed(8)
        #expect(try await enclave.sign(other.proposal(from: 0, to: 6)).isSigned)
        let disguised = LogHeadProposal(
            origin: log.origin, head: try other.head(9), baseSize: 8, proof: try other.proof(from: 8, to: 9))
        #expect(try await enclave.sign(disguised) == .refused(.inconsistent))
        #expect(try await enclave.sign(other.proposal(from: 8, to: 9)) == .refused(.wrongBase(try other.head(6))))
        #expect(try await enclave.sign(other.proposal(from: 6, to: 9)).isSigned)
    }

    @Test("a tree without entries has one root only")
    func emptyTree() async throws {
        let proposal = LogHeadProposal(
            origin: log.origin, head: TreeHead(size: 0, root: .leaf([])), baseSize: 0, proof: ConsistencyProof([]))
        #expect(try await enclave.sign(proposal) == .refused(.inconsistent))
    }

    @Test("many heads in one request are judged in their order, one log's twice")
    func list() async throws {
        let others = try (2...50).map { try TestLog("ws_\($0)", entries: 3) }
        let proposals =
            try others.map { try $0.proposal(from: 0, to: 3) }
            + [
                log.proposal(from: 0, to: 4), log.fork(after: 3).proposal(from: 4, to: 8), log.proposal(from: 4, to: 8),
            ]
        let outcomes = try await enclave.call(SignLogHeads(proposals)).outcomes
        #expect(outcomes.map(\.isSigned) == others.map { _ in true } + [true, false, true])
        for (other, outcome) in zip(others, outcomes) {
            #expect(try enclave.checkpoint(try #require(outcome.note), of: other).head == other.head())
        }
    }

    @Test("a request for nothing, for too much or for a name of no log is refused whole")
    func malformed() async throws {
        let proposal = try log.proposal(from: 0, to: 1)
        var long = proposal
        long.origin = try KeyName(String(repeating: "w", count: LogHeadProposal.originLengths.upperBound + 1))
        let requests = [
            SignLogHeads([]), SignLogHeads([proposal, long]),
            SignLogHeads(Array(repeating: proposal, count: SignLogHeads.limit + 1)),
        ]
        for request in requests {
            await #expect(throws: EnclaveError(.requestRefused)) { _ = try await enclave.call(request) }
        }
        #expect(try await enclave.sign(proposal).isSigned)
    }

    @Test("the largest request that is allowed, and its answer, fit into their frames")
    func largest() async throws {
        let name = String(repeating: "w", count: LogHeadProposal.originLengths.upperBound - 3)
        let proof = ConsistencyProof(Array(repeating: .empty, count: LogHeadProposal.proofLimit))
        let stored = SignedHead(head: TreeHead(size: .max, root: .empty), signature: Array(repeating: 0, count: 64))
        let wrong = try (0..<SignLogHeads.limit).map { index in
            LogHeadProposal(
                origin: try KeyName(name + String(100 + index)), head: TreeHead(size: .max, root: .empty), baseSize: 1,
                proof: proof, stored: stored)
        }
        let requests = SignLogHeads.requests(for: wrong)
        #expect(requests.flatMap(\.proposals) == wrong && requests.count == 3)
        for request in requests {
            let refused = try await enclave.call(request).outcomes
            #expect(refused == request.proposals.map { _ in .refused(.wrongBase(.empty)) })
        }
        let right = wrong.map {
            LogHeadProposal(origin: $0.origin, head: $0.head, baseSize: 0, proof: ConsistencyProof([]))
        }
        #expect(try await enclave.call(SignLogHeads(right)).outcomes.allSatisfy(\.isSigned))
    }

    @Test("whatever a host shows, all that was ever signed lies on one line")
    func oneLine() async throws {
        var generator = SystemRandomNumberGenerator()
        let line = [log, log.fork(after: 3), log.fork(after: 9)]
        var heads: [TreeHead] = []
        for _ in 0..<2000 {
            let shown = line.randomElement(using: &generator) ?? log
            let prover = line.randomElement(using: &generator) ?? log
            let base = Int.random(in: 0...20, using: &generator)
            let size = min(20, base + Int.random(in: 0...2, using: &generator))
            let proposal = LogHeadProposal(
                origin: log.origin, head: try shown.head(size), baseSize: UInt64(base),
                proof: try prover.proof(from: base, to: size))
            if try await enclave.sign(proposal).isSigned { heads.append(try shown.head(size)) }
        }
        #expect(try line.contains { fork in try heads.allSatisfy { try fork.head(Int($0.size)) == $0 } })
        #expect(zip(heads, heads.dropFirst()).allSatisfy { $0.size <= $1.size })
        #expect(Set(heads).count > 3)
    }

    @Test("of many trees that are shown at the same time one is signed", .timeLimit(.minutes(1)))
    func race() async throws {
        try await signed(8)
        let outcomes = await withTaskGroup(of: LogHeadOutcome?.self) { group in
            for index in 0..<50 {
                var fork = log
                fork.entries[8] = "entry of caller \(index)"
                let shown = fork
                group.addTask { try? await enclave.sign(shown.proposal(from: 8, to: 9)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.filter { $0?.isSigned == true }.count == 1)
        #expect(outcomes.allSatisfy { $0 != nil })
    }

    @Test("where the answer was lost after the head was kept, the host hears of that head and gets its signature")
    func lostAnswer() async throws {
        try await signed(5)
        _ = try await enclave.sign(log.proposal(from: 5, to: 8))
        try enclave.restart()
        #expect(try await enclave.sign(log.proposal(from: 5, to: 8)) == .refused(.wrongBase(try log.head(8))))
        let note = try #require(try await enclave.sign(log.proposal(from: 8, to: 8)).note)
        #expect(try enclave.checkpoint(note, of: log).head == log.head(8))
    }

    @Test("after a restart the last head still counts")
    func restart() async throws {
        try await signed(8)
        try enclave.restart()
        #expect(try await enclave.sign(log.proposal(from: 0, to: 9)) == .refused(.wrongBase(try log.head(8))))
        #expect(try await enclave.sign(log.fork(after: 7).proposal(from: 8, to: 9)) == .refused(.inconsistent))
        #expect(try await enclave.sign(log.proposal(from: 8, to: 9)).isSigned)
    }

    @Test("what cannot be kept is not signed, and does not count")
    func notKept() async throws {
        try await signed(8)
        anchor.isBroken = true
        #expect(try await enclave.sign(log.proposal(from: 8, to: 9)) == .refused(.anchorFailed))
        #expect(try await enclave.sign(log.proposal(from: 9, to: 10)) == .refused(.wrongBase(try log.head(8))))
        let both = try await enclave.call(
            SignLogHeads([try log.proposal(from: 8, to: 9), try log.proposal(from: 5, to: 9)])
        ).outcomes
        #expect(both == [.refused(.anchorFailed), .refused(.wrongBase(try log.head(8)))])
        #expect(try await enclave.sign(log.proposal(from: 8, to: 8)).isSigned)
        anchor.isBroken = false
        #expect(try await enclave.sign(log.proposal(from: 8, to: 9)).isSigned)
    }

    @Test("without an anchor nothing is signed, and the refusal says what is wrong", arguments: LogAnchorFault.allCases)
    func unanchored(fault: LogAnchorFault) async throws {
        let enclave = try InProcessEnclave(anchor: .failure(fault))
        #expect(try await enclave.sign(log.proposal(from: 0, to: 1)) == .refused(.unanchored(fault)))
    }

    @Test("the log's key is the same in every life of an installation, and another one's in another")
    func key() throws {
        let masterKey = try #require(MasterKey(bytes: Array(repeating: 7, count: 32)))
        let greetings = try (0..<2).map { _ in try #require(InProcessEnclave(masterKey: masterKey).greeting) }
        let other = try #require(InProcessEnclave().greeting)
        #expect(greetings[0].logKey == greetings[1].logKey && greetings[0].logKey.count == 32)
        #expect(greetings[0].auditKey == greetings[1].auditKey && greetings[0].auditKey.count == 32)
        #expect(greetings[0].logKey != other.logKey && greetings[0].auditKey != other.auditKey)
        #expect(Set([greetings[0].logKey, greetings[0].auditKey, greetings[0].contactIndexKey]).count == 3)
    }
}
