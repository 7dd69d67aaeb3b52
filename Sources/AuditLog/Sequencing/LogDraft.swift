import Storage
import TransparencyLog

/// A checkpoint that is to be signed, with the growth that it is about.
struct LogDraft: Sendable {
    let turn: LogSigning.Turn
    let growth: LogGrowth
    let request: CheckpointRequest
    private let key: VerifierKey

    /// Throws `SigningFault` with what does not fit, and `StorageError` where the store does not answer.
    init(_ turn: LogSigning.Turn, _ key: VerifierKey, in transaction: any Transaction) throws {
        self.turn = turn
        self.key = key
        growth = try LogGrowth(turn.workspace, upTo: turn.signed?.size ?? 0, in: transaction)
        if let signed = turn.signed {
            guard growth.size >= signed.size else { throw SigningFault.behind }
            guard try growth.head(ofSize: signed.size, in: transaction) == signed else {
                throw SigningFault.inconsistent
            }
        }
        let base = turn.signed?.size ?? growth.base.size
        request = CheckpointRequest(
            checkpoint: Checkpoint(origin: key.name, head: growth.head), base: base,
            proof: try growth.proof(from: base, in: transaction),
            stored: growth.stored.flatMap { try? SignedNote(parsing: Array($0.checkpoint.utf8)) })
    }

    /// Whether there is anything to ask.
    var isDue: Bool { growth.size > growth.base.size || turn.signed != nil || (turn.evenUnchanged && growth.size > 0) }

    enum Judgement {
        case signed(SignedDraft)
        case other(LogSigning.Outcome)
    }

    func judge(_ answer: CheckpointAnswer) throws(SigningFault) -> Judgement {
        switch answer {
        case .unavailable: return .other(.settled(.waiting))
        case .refused(let fault): throw fault
        case .wrongBase(let signed):
            // It was asked from there already.
            guard turn.signed == nil else { throw .inconsistent }
            return .other(.again(LogSigning.Turn(workspace: turn.workspace, signed: signed)))
        case .signed(let note, let restoredFrom):
            guard let signed = try? Checkpoint(opening: note, signedBy: key), signed.head == growth.head else {
                throw .wrongSignature
            }
            return .signed(SignedDraft(growth: growth, note: note, key: key, restoredFrom: restoredFrom))
        }
    }
}

/// A checkpoint that was signed and is to be stored.
struct SignedDraft: Sendable {
    let growth: LogGrowth
    let note: SignedNote
    let key: VerifierKey
    /// What was signed before, where an operator had acknowledged that a backup was restored.
    let restoredFrom: TreeHead?

    var workspace: String { growth.workspace }

    /// What the log's turn came to, once this is stored.
    var outcome: LogSigning.Outcome {
        growth.hasMore || restoredFrom != nil ? .again(LogSigning.Turn(workspace: workspace)) : .settled(.fine)
    }

    func store(at time: Int64, trail: AuditTrail, in transaction: any Transaction) throws {
        let log = StoredLog(
            workspace: workspace, head: growth.head, checkpoint: note.encoded, verifierKey: key.text, signedAt: time)
        // Somebody else who took in the same entries at the same time has stored the same.
        guard try log.write(over: growth.base.size, in: transaction) else { return }
        try StoredTiles.write(growth.tree.changed, workspace: workspace, in: transaction)
        for summary in growth.summaries.full { try summary.write(workspace: workspace, in: transaction) }
        guard let restoredFrom else { return }
        try trail.append(
            AuditEntry(
                workspace: workspace, time: time, action: .logRestored, record: workspace, origin: .system,
                detail: "signed before: \(restoredFrom.size) \(restoredFrom.root)"), in: transaction)
    }
}
