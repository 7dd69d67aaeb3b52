import TransparencyLog

/// Asks the enclave to have a witness cosign a head that the enclave has signed (C2SP tlog-witness). The enclave speaks with
/// the witness itself, so that it hears where the witness has seen more of the log than the enclave remembers.
public struct CosignLogHead: EnclaveRequest {
    public typealias Reply = CosignOutcome
    public static let kind = RequestKind.cosignLogHead
    /// Allowed values of `deadline`.
    public static let deadlines = 1...10_000

    /// The witness's name: that of its key.
    public var witness: String
    public var origin: KeyName
    public var signed: SignedHead
    /// The size of the tree that the proof starts from: what the witness cosigned last, as far as the host knows.
    public var baseSize: UInt64
    public var proof: ConsistencyProof
    /// Milliseconds until the witness is given up, in `deadlines`.
    public var deadline: Int
    /// A second more than the enclave has, so that its own answer arrives first.
    public var timeLimit: Int { min(max(deadline, 0), Self.deadlines.upperBound) + 1000 }

    public init(
        witness: String, origin: KeyName, signed: SignedHead, baseSize: UInt64, proof: ConsistencyProof, deadline: Int
    ) {
        self.witness = witness
        self.origin = origin
        self.signed = signed
        self.baseSize = baseSize
        self.proof = proof
        self.deadline = deadline
    }
}

/// What a witness made of a head.
public enum CosignOutcome: Equatable, Sendable {
    /// The witness's signature line, checked, for the note of the head's checkpoint.
    case cosigned(line: String)
    /// The witness cosigned this size last: prove from there.
    case conflict(size: UInt64)
    /// The witness has seen a tree of this size that is not the beginning of this one. The enclave signs nothing of this
    /// log any more until an operator has acknowledged it.
    case contradicted(size: UInt64)
    case failed(WitnessFailure)
}

/// Why a witness has not cosigned a head.
public enum WitnessFailure: String, CaseIterable, Error, Equatable, Sendable {
    /// The enclave's settings name no such witness.
    case unknownWitness = "unknown_witness"
    case unreachable
    case timedOut = "timed_out"
    case certificateRefused = "certificate_refused"
    /// An answer that no witness gives: too long, in another form, or not over TLS.
    case badAnswer = "bad_answer"
    /// What it answered is not signed by its key.
    case badSignature = "bad_signature"
    /// It does not know the log: 404.
    case logUnknown = "log_unknown"
    /// It does not know the log's key: 403.
    case keyUnknown = "key_unknown"
    /// Any other status of HTTP.
    case refused
    /// It has seen another tree than this one, and an operator has acknowledged that.
    case leftBehind = "left_behind"
    /// Too many heads wait for it.
    case busy
}
