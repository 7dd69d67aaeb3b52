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

    func sign(_ request: CheckpointRequest) async -> CheckpointAnswer {
        let proposal = LogHeadProposal(
            origin: request.checkpoint.origin, head: request.checkpoint.head, baseSize: request.base,
            proof: request.proof)
        guard let outcome = try? await enclave.call(SignLogHeads([proposal])).outcomes.first else {
            return .unavailable
        }
        switch outcome {
        case .signed(let note): return signed(note, restoredFrom: nil)
        case .restored(let note, let previous): return signed(note, restoredFrom: previous)
        case .refused(.wrongBase(let head)): return .wrongBase(head)
        case .refused(.inconsistent): return .refused(.inconsistent)
        case .refused(.unanchored): return .refused(.unanchored)
        case .refused(.anchorFailed): return .refused(.anchorFailed)
        }
    }

    private func signed(_ text: String, restoredFrom previous: TreeHead?) -> CheckpointAnswer {
        guard let note = try? SignedNote(parsing: Array(text.utf8)) else { return .refused(.wrongSignature) }
        return .signed(note, restoredFrom: previous)
    }
}
