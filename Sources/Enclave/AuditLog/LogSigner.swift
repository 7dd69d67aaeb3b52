import EnclaveLink
import TransparencyLog

/// Signs the heads of logs, and what exports of them hold.
struct LogSigner: Sendable {
    let key: LogKey
    /// The heads, or what is wrong with their anchor.
    let heads: Result<LogHeads, LogAnchorFault>

    /// - Throws: `keyRefused` if there is no key.
    init(masterKey: MasterKey, anchor: Result<any LogAnchor, LogAnchorFault>) throws(EnclaveError) {
        let key = try LogKey(masterKey: masterKey)
        self.key = key
        heads = anchor.map { LogHeads(anchor: $0, key: key) }
    }

    /// - Throws: `requestRefused` for no proposals, too many, or an origin that names no log.
    func sign(_ request: SignLogHeads) throws(EnclaveError) -> LogHeadOutcomes {
        let proposals = request.proposals
        guard 1...SignLogHeads.limit ~= proposals.count, proposals.allSatisfy(\.namesLog) else {
            throw EnclaveError(.requestRefused)
        }
        let verdicts: [LogHeadVerdict]
        switch heads {
        case .success(let heads): verdicts = heads.advance(proposals)
        case .failure(let fault): verdicts = proposals.map { _ in .refuse(.unanchored(fault)) }
        }
        var outcomes: [LogHeadOutcome] = []
        for (proposal, verdict) in zip(proposals, verdicts) { outcomes.append(try outcome(verdict, of: proposal)) }
        return LogHeadOutcomes(outcomes)
    }

    /// - Throws: `requestRefused` for an origin that names no log.
    func sign(_ request: SignStatement) throws(EnclaveError) -> SignedStatement {
        let statement = request.statement
        guard LogHeadProposal.originLengths ~= statement.origin.text.utf8.count else {
            throw EnclaveError(.requestRefused)
        }
        return SignedStatement(note: try key.sign(statement.text, of: statement.origin))
    }

    private func outcome(
        _ verdict: LogHeadVerdict, of proposal: LogHeadProposal
    ) throws(EnclaveError) -> LogHeadOutcome {
        switch verdict {
        case .sign: .signed(note: try checkpoint(proposal))
        case .signRestored(let previous): .restored(note: try checkpoint(proposal), previous: previous)
        case .refuse(let refusal): .refused(refusal)
        }
    }

    private func checkpoint(_ proposal: LogHeadProposal) throws(EnclaveError) -> String {
        try key.sign(Checkpoint(origin: proposal.origin, head: proposal.head).text, of: proposal.origin)
    }
}

extension LogHeadProposal {
    fileprivate var namesLog: Bool { Self.originLengths ~= origin.text.utf8.count }
}
