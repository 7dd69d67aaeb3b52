import TransparencyLog

/// Has witnesses cosign checkpoints. The host asks the enclave, which asks them.
public protocol CheckpointWitnessing: Sendable {
    /// The names of the witnesses; none while nobody can ask them.
    var witnesses: [String] { get }

    func cosign(_ request: WitnessRequest, by witness: String) async -> WitnessVerdict
}

/// A signed checkpoint that a witness is to cosign.
public struct WitnessRequest: Sendable {
    public let note: SignedNote
    /// The size that the witness cosigned last, as far as the asker knows.
    public let base: UInt64
    /// That the checkpoint extends the tree of that size.
    public let proof: ConsistencyProof
}

/// What a witness made of a checkpoint.
public enum WitnessVerdict: Sendable, Equatable {
    /// Its signature line, checked.
    case cosigned(NoteSignature)
    /// It cosigned this size last.
    case conflict(size: UInt64)
    /// It has seen a tree that this one does not extend. Nothing is signed any more.
    case contradicted(size: UInt64)
    /// It did not answer, or not as a witness does; in a word why. The next log need not be tried at once.
    case silent(String)
    /// It has not cosigned this one; in a word why.
    case failed(String)
    /// Nobody can ask it at the moment.
    case unavailable
}
