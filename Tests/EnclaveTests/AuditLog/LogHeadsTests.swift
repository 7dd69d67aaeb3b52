import EnclaveLink
import Synchronization
import Testing
import TransparencyLog

@testable import Enclave

/// Counts what is kept.
private final class CountingAnchor: LogAnchor {
    let heads = AnchoredHeads()
    let kept = Mutex<[AnchoredHeads]>([])

    func keep(_ heads: AnchoredHeads) -> Bool {
        kept.withLock { $0.append(heads) }
        return true
    }
}

@Suite("what signing costs the anchor")
struct LogHeadsTests {
    private let anchor = CountingAnchor()

    private func heads() throws -> LogHeads {
        let masterKey = try #require(MasterKey(bytes: Array(repeating: 9, count: 32)))
        return LogHeads(anchor: anchor, key: try LogKey(masterKey: masterKey))
    }

    @Test("one write for all heads of a request, before any is to be signed, and none where nothing changed")
    func writes() throws {
        let heads = try self.heads()
        let logs = try (0..<256).map { try TestLog("ws_\($0)", entries: 3) }
        let proposals = try logs.map { try $0.proposal(from: 0, to: 3) }
        #expect(heads.advance(proposals) == proposals.map { _ in .sign })
        #expect(anchor.kept.withLock { $0.map(\.logs.count) } == [256])
        let again = try logs.map { try $0.proposal(from: 3, to: 3) }
        #expect(heads.advance(again) == again.map { _ in .sign })
        #expect(heads.advance(proposals).allSatisfy { if case .refuse = $0 { true } else { false } })
        #expect(anchor.kept.withLock { $0.count } == 1)
    }
    @Test("one log more than the anchor holds is refused, and the others go on")
    func full() throws {
        let heads = try heads()
        let logs = try (0...AnchoredHeads.limit).map { try TestLog("ws_\($0)", entries: 2) }
        let (head, next) = (try logs[0].head(1), try logs[0].proposal(from: 1, to: 2))
        let firsts = logs.map {
            LogHeadProposal(origin: $0.origin, head: head, baseSize: 0, proof: ConsistencyProof([]))
        }
        let verdicts = heads.advance(firsts)
        #expect(verdicts.dropLast().allSatisfy { $0 == .sign })
        #expect(verdicts.last == .refuse(.anchorFull))
        #expect(heads.advance([next, firsts[AnchoredHeads.limit]]) == [.sign, .refuse(.anchorFull)])
    }
}
