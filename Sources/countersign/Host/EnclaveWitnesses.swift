import AuditLog
import EnclaveLink
import Logging
import TransparencyLog

/// Has the enclave ask the witnesses of its settings.
struct EnclaveWitnesses: CheckpointWitnessing {
    /// Milliseconds until a witness is given up.
    static let deadline = 5_000

    let enclave: EnclaveSupervisor

    var witnesses: [String] {
        (enclave.greeting?.providers ?? []).filter { $0.purpose == .witness }.map(\.name)
    }

    func cosign(_ request: WitnessRequest, by witness: String) async -> WitnessVerdict {
        guard let checkpoint = try? Checkpoint(parsing: request.note.text),
            let signed = SignedHead(request.note, of: checkpoint.origin)
        else { return .failed("bad_checkpoint") }
        let outcome = try? await enclave.call(
            CosignLogHead(
                witness: witness, origin: checkpoint.origin, signed: signed, baseSize: request.base,
                proof: request.proof, deadline: Self.deadline))
        switch outcome {
        case .cosigned(let line): return (try? NoteSignature(parsing: line)).map { .cosigned($0) } ?? .unavailable
        case .conflict(let size): return .conflict(size: size)
        case .contradicted(let size): return .contradicted(size: size)
        case .failed(let failure): return failure.isSilence ? .silent(failure.rawValue) : .failed(failure.rawValue)
        case nil: return .unavailable
        }
    }
}

extension WitnessFailure {
    /// Whether the same is to be expected for the next log.
    fileprivate var isSilence: Bool {
        switch self {
        case .unreachable, .timedOut, .certificateRefused, .badAnswer, .busy, .unknownWitness: true
        case .badSignature, .logUnknown, .keyUnknown, .refused, .leftBehind: false
        }
    }
}

extension Logger {
    /// Says what an operator should hear of a witness.
    func record(_ report: LogWitnessing.Report) {
        switch report {
        case .failing(let witness, let workspace, let reason):
            warning(
                "a witness does not cosign the audit log",
                metadata: ["witness": "\(witness)", "workspace": "\(workspace)", "reason": "\(reason)"])
        case .cosigning(let witness, let workspace):
            notice(
                "a witness cosigns the audit log again",
                metadata: ["witness": "\(witness)", "workspace": "\(workspace)"])
        case .contradicted(let witness, let workspace, let size):
            critical(
                "a witness has seen another audit log than this one",
                metadata: ["witness": "\(witness)", "workspace": "\(workspace)", "size": "\(size)"])
        }
    }
}
