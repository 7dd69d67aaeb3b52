import API
import AuditLog
import EnclaveLink
import TransparencyLog

/// Has the enclave sign the heads of the audit logs.
struct EnclaveCheckpoints: CheckpointSigning {
    let enclave: EnclaveSupervisor
    let issuer: Issuer

    func verifierKey(of workspace: String) -> VerifierKey? {
        guard let key = enclave.greeting?.logKey, let name = try? KeyName("\(issuer.host)/\(workspace)") else {
            return nil
        }
        return try? VerifierKey(name: name, publicKey: key)
    }

    func sign(_ requests: [CheckpointRequest]) async -> [CheckpointAnswer] {
        var answers: [CheckpointAnswer] = []
        for request in SignLogHeads.requests(for: requests.map { LogHeadProposal($0) }) {
            let outcomes = try? await enclave.call(request).outcomes
            answers += outcomes?.map { answer($0) } ?? request.proposals.map { _ in .unavailable }
        }
        return answers
    }

    private func answer(_ outcome: LogHeadOutcome) -> CheckpointAnswer {
        switch outcome {
        case .signed(let note): signed(note, restoredFrom: nil)
        case .restored(let note, let previous): signed(note, restoredFrom: previous)
        case .refused(.wrongBase(let head)): .wrongBase(head)
        case .refused(.inconsistent): .refused(.inconsistent)
        case .refused(.unanchored): .refused(.unanchored)
        case .refused(.anchorFailed): .refused(.anchorFailed)
        case .refused(.anchorBehind): .refused(.anchorBehind)
        case .refused(.anchorFull): .refused(.anchorFull)
        case .refused(.contradicted): .refused(.contradicted)
        }
    }

    private func signed(_ text: String, restoredFrom previous: TreeHead?) -> CheckpointAnswer {
        guard let note = try? SignedNote(parsing: Array(text.utf8)) else { return .refused(.wrongSignature) }
        return .signed(note, restoredFrom: previous)
    }
}

extension LogHeadProposal {
    fileprivate init(_ request: CheckpointRequest) {
        let origin = request.checkpoint.origin
        self.init(
            origin: origin, head: request.checkpoint.head, baseSize: request.base, proof: request.proof,
            stored: request.stored.flatMap { SignedHead($0, of: origin) })
    }
}

extension SignedHead {
    /// What a stored note says of a log; nil for another log's note, as after a change of the issuer.
    init?(_ note: SignedNote, of origin: KeyName) {
        guard let checkpoint = try? Checkpoint(parsing: note.text), checkpoint.origin == origin,
            let line = note.signatures.first(where: { $0.name == origin && $0.bytes.count == 64 })
        else { return nil }
        self.init(head: checkpoint.head, signature: line.bytes)
    }
}
