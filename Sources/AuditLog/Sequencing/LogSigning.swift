import Storage
import TransparencyLog

/// One log's way from entries to a signed checkpoint.
struct LogSigning: Sendable {
    let workspace: String
    let database: any Database
    let trail: AuditTrail
    let signer: any CheckpointSigning
    let now: @Sendable () -> Int64

    enum Step {
        /// There is nothing to sign, or nothing more.
        case upToDate
        /// A checkpoint was signed, and there may be more.
        case grown
        case unavailable
    }

    /// Has the next entries signed. Throws `SigningFault`, and `StorageError` where the store does not answer.
    ///
    /// Whoever is killed on the way leaves the log as it was stored last. The signer may then know a later one, which the
    /// next step finds out and goes on from.
    func step(evenUnchanged: Bool) async throws -> Step {
        guard let key = signer.verifierKey(of: workspace) else { return .unavailable }
        let (growth, proof) = try await database.read { transaction in
            let growth = try LogGrowth(workspace, in: transaction)
            return (growth, try growth.proof(from: growth.base.size, in: transaction))
        }
        guard growth.size > growth.base.size || (evenUnchanged && growth.size > 0) else { return .upToDate }
        switch await ask(growth, from: growth.base.size, proof, key) {
        case .wrongBase(let signed): return try await step(from: signed, key)
        case let answer: return try await finish(growth, answer, key)
        }
    }

    /// The same, where the signer knows another beginning than the one that is stored.
    private func step(from signed: TreeHead, _ key: VerifierKey) async throws -> Step {
        let (growth, proof) = try await database.read { transaction in
            let growth = try LogGrowth(workspace, upTo: signed.size, in: transaction)
            guard growth.size >= signed.size else { throw SigningFault.behind }
            guard try growth.head(ofSize: signed.size, in: transaction) == signed else {
                throw SigningFault.inconsistent
            }
            return (growth, try growth.proof(from: signed.size, in: transaction))
        }
        return try await finish(growth, await ask(growth, from: signed.size, proof, key), key)
    }

    private func ask(
        _ growth: LogGrowth, from base: UInt64, _ proof: ConsistencyProof, _ key: VerifierKey
    ) async -> CheckpointAnswer {
        let checkpoint = Checkpoint(origin: key.name, head: growth.head)
        return await signer.sign(CheckpointRequest(checkpoint: checkpoint, base: base, proof: proof))
    }

    private func finish(_ growth: LogGrowth, _ answer: CheckpointAnswer, _ key: VerifierKey) async throws -> Step {
        switch answer {
        case .unavailable: return .unavailable
        case .refused(let fault): throw fault
        case .wrongBase: throw SigningFault.inconsistent
        case .signed(let note, let restoredFrom):
            guard let signed = try? Checkpoint(opening: note, signedBy: key), signed.head == growth.head else {
                throw SigningFault.wrongSignature
            }
            try await store(growth, note, key, restoredFrom)
            return growth.hasMore || restoredFrom != nil ? .grown : .upToDate
        }
    }

    private func store(
        _ growth: LogGrowth, _ note: SignedNote, _ key: VerifierKey, _ restoredFrom: TreeHead?
    ) async throws {
        let time = now()
        let log = StoredLog(
            workspace: workspace, head: growth.head, checkpoint: note.encoded, verifierKey: key.text, signedAt: time)
        try await database.write { transaction in
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
}
