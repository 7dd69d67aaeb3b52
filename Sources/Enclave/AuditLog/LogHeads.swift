import EnclaveLink
import Synchronization

/// The heads that this process goes by: what the anchor held at the start, and what was kept since.
final class LogHeads: Sendable {
    private let anchor: any LogAnchor
    private let key: LogKey
    private let heads: Mutex<AnchoredHeads>

    /// - Parameter key: the one that signs the logs.
    init(anchor: any LogAnchor, key: LogKey) {
        self.anchor = anchor
        self.key = key
        heads = Mutex(anchor.heads)
    }

    /// Judges proposals in their order and keeps what is to be signed, with one write.
    /// - Returns: what to do about each. Where the heads could not be kept nothing is to be signed.
    func advance(_ proposals: [LogHeadProposal]) -> [LogHeadVerdict] {
        heads.withLock { heads in
            var next = heads
            let verdicts = proposals.map { next.judge($0, key: key) }
            if next != heads {
                guard anchor.keep(next) else { return proposals.map { heads.verdictWithoutAnchor($0, key: key) } }
                heads = next
            }
            return verdicts
        }
    }
}

extension AnchoredHeads {
    /// What is to be done about a proposal where nothing can be kept.
    fileprivate func verdictWithoutAnchor(_ proposal: LogHeadProposal, key: LogKey) -> LogHeadVerdict {
        var unkept = self
        let verdict = unkept.judge(proposal, key: key)
        if case .refuse = verdict { return verdict }
        return .refuse(.anchorFailed)
    }
}
