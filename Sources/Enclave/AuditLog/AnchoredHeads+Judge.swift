import EnclaveLink
import TransparencyLog

/// What is to be done about a proposal.
enum LogHeadVerdict: Equatable, Sendable {
    /// Sign it, once the heads are kept.
    case sign
    /// Sign it, and say that it was taken in place of this head.
    case signRestored(previous: TreeHead)
    case refuse(LogHeadRefusal)
}

extension AnchoredHeads {
    /// Judges a proposal and remembers its head if it is to be signed.
    /// - Parameter key: the one that signs the logs.
    mutating func judge(_ proposal: LogHeadProposal, key: LogKey) -> LogHeadVerdict {
        let log = logs[proposal.origin]
        let last = log?.head ?? .empty
        guard log != nil || logs.count < Self.limit else { return .refuse(.anchorFull) }
        guard log?.contradiction == nil else { return .refuse(.contradicted) }
        guard mayReplace(log) || !proposal.shows(beyond: last, signedBy: key) else { return .refuse(.anchorBehind) }
        guard let refusal = proposal.disagreement(with: last) else { return extend(log, to: proposal) }
        guard mayReplace(log), proposal.isPossible else {
            noteThatHostDoubts(proposal.origin)
            return .refuse(refusal)
        }
        return restore(proposal, previous: last)
    }

    private mutating func extend(_ log: AnchoredLog?, to proposal: LogHeadProposal) -> LogHeadVerdict {
        switch log?.standing {
        case .restored(let previous, let isTold) where !isTold || proposal.head == log?.head:
            return restore(proposal, previous: previous)
        case .acknowledged(contradicted: true): return restore(proposal, previous: log?.head ?? .empty)
        case .restored, .settled, .acknowledged, nil:
            take(proposal, standing: .settled)
            return .sign
        }
    }

    private mutating func restore(_ proposal: LogHeadProposal, previous: TreeHead) -> LogHeadVerdict {
        take(proposal, standing: .restored(previous: previous, isTold: true))
        return .signRestored(previous: previous)
    }

    private mutating func take(_ proposal: LogHeadProposal, standing: AnchoredLog.Standing) {
        var log = logs[proposal.origin] ?? AnchoredLog(head: .empty, standing: .settled)
        log.head = proposal.head
        log.standing = standing
        logs[proposal.origin] = log
    }

    private func mayReplace(_ log: AnchoredLog?) -> Bool {
        guard let log else { return takesUnknownLogs }
        guard case .acknowledged = log.standing else { return false }
        return true
    }

    /// A host that asks from another head than the restored one never got the answer that said so.
    private mutating func noteThatHostDoubts(_ origin: KeyName) {
        guard case .restored(let previous, _)? = logs[origin]?.standing else { return }
        logs[origin]?.standing = .restored(previous: previous, isTold: false)
    }
}

extension LogHeadProposal {
    /// Whether the host has a checkpoint that was signed after `last`, or instead of it.
    fileprivate func shows(beyond last: TreeHead, signedBy key: LogKey) -> Bool {
        guard let stored, stored.head.size > last.size || (stored.head.size == last.size && stored.head != last)
        else { return false }
        return key.made(stored, of: origin)
    }

    /// A tree of no entries has one root only.
    fileprivate var isPossible: Bool { head.size > 0 || head == .empty }

    /// Why the head does not extend `last`; nil if it does.
    fileprivate func disagreement(with last: TreeHead) -> LogHeadRefusal? {
        guard baseSize == last.size else { return .wrongBase(last) }
        guard isPossible else { return .inconsistent }
        do {
            try proof.verify(from: last, to: head)
            return nil
        } catch {
            return .inconsistent
        }
    }
}
