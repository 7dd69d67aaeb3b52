import EnclaveLink
import Synchronization
import TransparencyLog

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

    /// The size of a log's last head.
    func size(of origin: KeyName) -> UInt64 { heads.withLock { $0.logs[origin]?.head.size ?? 0 } }

    /// Takes down that a witness has seen a tree of this size that a log's head does not extend. Nothing of the log is
    /// signed from then on, in this life even where it cannot be kept.
    /// - Returns: false where an operator has acknowledged as much before.
    func contradict(_ origin: KeyName, at size: UInt64) -> Bool {
        heads.withLock { heads in
            guard let log = heads.logs[origin], size > log.acknowledgedSize else { return false }
            guard log.contradiction == nil else { return true }
            heads.logs[origin]?.contradiction = size
            _ = anchor.keep(heads)
            return true
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
