import Storage
import TransparencyLog

/// The way of logs from entries to signed checkpoints, several at a time: one message to the signer, one unit of work to
/// store what it signed.
struct LogSigning: Sendable {
    /// Logs that are asked for at the same time, at most.
    static let parallel = 256

    /// A log that is to be looked at.
    struct Turn: Sendable {
        let workspace: String
        /// Whether to ask although the log has not grown.
        var evenUnchanged = false
        /// What the signer has said that it signed last, where that is not what is stored.
        var signed: TreeHead?
    }

    /// What a turn came to.
    enum Outcome: Sendable {
        case settled(LogState)
        /// There may be more to sign.
        case again(Turn)
    }

    /// What one message to the signer came to.
    struct Round: Sendable {
        /// By workspace.
        var outcomes: [String: Outcome] = [:]
        /// Heads that were signed and stored, and the entries that they took in.
        var signedHeads = 0
        var signedEntries = 0
    }

    let database: any Database
    let trail: AuditTrail
    let signer: any CheckpointSigning
    let now: @Sendable () -> Int64

    /// Takes turns from the end of `turns`, as many as go into one message, and has what they have grown by signed.
    ///
    /// Whoever is killed on the way leaves the logs as they were stored last. The signer may then know later ones, which
    /// the next turn finds out and goes on from.
    func take(from turns: inout [Turn]) async -> Round {
        var outcomes: [String: Outcome] = [:]
        var drafts: [LogDraft] = []
        var entries: UInt64 = 0
        while let turn = turns.last, drafts.count < Self.parallel, entries < LogGrowth.step {
            turns.removeLast()
            do {
                guard let key = signer.verifierKey(of: turn.workspace) else {
                    outcomes[turn.workspace] = .settled(.waiting)
                    continue
                }
                let draft = try await database.read { try LogDraft(turn, key, in: $0) }
                guard draft.isDue else {
                    outcomes[turn.workspace] = .settled(.fine)
                    continue
                }
                entries += draft.growth.size - draft.growth.base.size
                drafts.append(draft)
            } catch {
                outcomes[turn.workspace] = .settled(LogState(error))
            }
        }
        let signed = await ask(drafts, &outcomes)
        let stored = await store(signed)
        for checkpoint in signed {
            outcomes[checkpoint.workspace] = stored ? checkpoint.outcome : .settled(.waiting)
        }
        let growths = stored ? signed.map(\.growth) : []
        return Round(
            outcomes: outcomes, signedHeads: growths.count,
            signedEntries: growths.reduce(0) { $0 + Int($1.size - $1.base.size) })
    }

    /// - Returns: what was signed; `outcomes` get the rest.
    private func ask(_ drafts: [LogDraft], _ outcomes: inout [String: Outcome]) async -> [SignedDraft] {
        guard !drafts.isEmpty else { return [] }
        var signed: [SignedDraft] = []
        for (draft, answer) in zip(drafts, await signer.sign(drafts.map(\.request))) {
            do {
                switch try draft.judge(answer) {
                case .signed(let checkpoint): signed.append(checkpoint)
                case .other(let outcome): outcomes[draft.turn.workspace] = outcome
                }
            } catch {
                outcomes[draft.turn.workspace] = .settled(.refused(error))
            }
        }
        return signed
    }

    /// - Returns: false where the store does not answer.
    private func store(_ signed: [SignedDraft]) async -> Bool {
        guard !signed.isEmpty else { return true }
        let time = now()
        do {
            try await database.write { transaction in
                for checkpoint in signed { try checkpoint.store(at: time, trail: trail, in: transaction) }
            }
            return true
        } catch {
            return false
        }
    }
}
