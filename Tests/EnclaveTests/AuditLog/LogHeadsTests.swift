import EnclaveLink
import Synchronization
import Testing

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

    @Test("one write for all heads of a request, before any is to be signed, and none where nothing changed")
    func writes() throws {
        let heads = LogHeads(anchor: anchor)
        let logs = try (0..<64).map { try TestLog("ws_\($0)", entries: 3) }
        let proposals = try logs.map { try $0.proposal(from: 0, to: 3) }
        #expect(heads.advance(proposals) == proposals.map { _ in .sign })
        #expect(anchor.kept.withLock { $0.map(\.logs.count) } == [64])
        let again = try logs.map { try $0.proposal(from: 3, to: 3) }
        #expect(heads.advance(again) == again.map { _ in .sign })
        #expect(heads.advance(proposals).allSatisfy { if case .refuse = $0 { true } else { false } })
        #expect(anchor.kept.withLock { $0.count } == 1)
    }
}
