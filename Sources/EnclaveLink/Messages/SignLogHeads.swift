import TransparencyLog

/// Asks the enclave to sign the new heads of logs. What it signs extends what it signed before, and is on its anchor
/// before a signature leaves. All heads of a request cost one write of the anchor.
public struct SignLogHeads: EnclaveRequest {
    public typealias Reply = LogHeadOutcomes
    public static let kind = RequestKind.signLogHeads
    /// More heads than this do not fit into a frame.
    public static let limit = 64

    /// 1 to `limit`; answered in this order.
    public var proposals: [LogHeadProposal]

    public init(_ proposals: [LogHeadProposal]) { self.proposals = proposals }
}

/// A log's new head, with the proof that it extends the head that the enclave signed last.
public struct LogHeadProposal: Equatable, Sendable {
    /// Hashes of a proof; no tree of fewer than 2^63 entries needs more.
    public static let proofLimit = 64
    /// Lengths of an origin, in bytes of UTF-8.
    public static let originLengths = 1...300

    /// Which log: `<issuer host>/<workspace>`.
    public var origin: KeyName
    public var head: TreeHead
    /// The size of the tree that the proof starts from: that of the enclave's last head, 0 for a log without one.
    public var baseSize: UInt64
    public var proof: ConsistencyProof

    public init(origin: KeyName, head: TreeHead, baseSize: UInt64, proof: ConsistencyProof) {
        self.origin = origin
        self.head = head
        self.baseSize = baseSize
        self.proof = proof
    }
}

/// What became of the proposals, in their order.
public struct LogHeadOutcomes: Equatable, Sendable {
    public var outcomes: [LogHeadOutcome]

    public init(_ outcomes: [LogHeadOutcome]) { self.outcomes = outcomes }
}

public enum LogHeadOutcome: Equatable, Sendable {
    /// The checkpoint, a signed note.
    case signed(note: String)
    /// As `signed`; but the head does not extend the enclave's last one, `previous`, and was taken because the operator
    /// has acknowledged a restore. The host writes that into the log. It is answered again after a restart until the
    /// log was extended from this head. `previous` is the empty tree where the anchor knew none.
    case restored(note: String, previous: TreeHead)
    case refused(LogHeadRefusal)
}

/// Why a head was not signed. Nothing is signed then, and the enclave's head is what it was.
public enum LogHeadRefusal: Equatable, Sendable {
    /// The enclave's last head has another size than the proof starts from. Where that head is longer than what the host
    /// stored, an answer was lost on the way, and the host proves from there; where it is shorter, or not in the host's
    /// tree, one of them was replaced by an older copy, and only an operator can say which one counts.
    case wrongBase(TreeHead)
    /// The proof does not hold: the tree is shorter than the base, or is not its extension.
    case inconsistent
    /// There is no anchor to go by.
    case unanchored(LogAnchorFault)
    /// The anchor could not be written: the disk is full or broken, or there are too many logs.
    case anchorFailed
}

/// What is wrong with the file that keeps the heads.
public enum LogAnchorFault: String, CaseIterable, Error, Equatable, Sendable {
    case missing
    /// It cannot be opened, or is no regular file.
    case unreadable
    /// Others than the enclave's user may read or write it.
    case loosePermissions
    case foreignOwner
    /// Neither of its two slots is whole, or they were written under another master key.
    case damaged
    /// Another process has it open.
    case inUse
}
