import TransparencyLog

/// Asks the enclave to sign the new heads of logs. What it signs extends what it signed before, and is on its anchor
/// before a signature leaves. All heads of a request cost one write of the anchor.
public struct SignLogHeads: EnclaveRequest {
    public typealias Reply = LogHeadOutcomes
    public static let kind = RequestKind.signLogHeads
    /// The answers to more heads than this do not fit into a frame.
    public static let limit = 256

    /// 1 to `limit`; answered in this order.
    public var proposals: [LogHeadProposal]

    public init(_ proposals: [LogHeadProposal]) { self.proposals = proposals }
}

extension SignLogHeads {
    /// As few requests as have all proposals, in their order, and fit into frames each.
    public static func requests(for proposals: [LogHeadProposal]) -> [SignLogHeads] {
        var requests: [SignLogHeads] = []
        var room = 0
        for proposal in proposals {
            let length = proposal.encodedLength
            if requests.isEmpty || requests[requests.count - 1].proposals.count == limit || room < length {
                requests.append(SignLogHeads([]))
                room = FrameWriter.bodyLimit - envelopeLength
            }
            requests[requests.count - 1].proposals.append(proposal)
            room -= length
        }
        return requests
    }

    /// The call's identifier, its kind, the number of proposals.
    private static let envelopeLength = 8 + 1 + 2
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
    /// The last checkpoint that the host has stored; nil for none under this origin. Where the enclave's key made it and
    /// the enclave does not remember it, the anchor was put back to an older one.
    public var stored: SignedHead?

    public init(
        origin: KeyName, head: TreeHead, baseSize: UInt64, proof: ConsistencyProof, stored: SignedHead? = nil
    ) {
        self.origin = origin
        self.head = head
        self.baseSize = baseSize
        self.proof = proof
        self.stored = stored
    }

    /// Its length in a frame, in bytes, at most.
    var encodedLength: Int {
        let (head, hash) = (8 + 4 + LogHash.length, 4 + LogHash.length)
        return 4 + origin.text.utf8.count + head + 8 + 2 + proof.hashes.count * hash + 1 + head + 4
            + (stored?.signature.count ?? 0)
    }
}

/// A head with what is said to be the log key's signature over its checkpoint.
public struct SignedHead: Equatable, Sendable {
    public var head: TreeHead
    /// 64 bytes of Ed25519.
    public var signature: [UInt8]

    public init(head: TreeHead, signature: [UInt8]) {
        self.head = head
        self.signature = signature
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
    /// The enclave's last head has another size than the proof starts from. Where it is in the host's tree, an answer was
    /// lost on the way, and the host proves from there; where it is not, the database was replaced by an older copy, and
    /// only an operator can say which one counts.
    case wrongBase(TreeHead)
    /// The proof does not hold: the tree is shorter than the base, or is not its extension.
    case inconsistent
    /// There is no anchor to go by.
    case unanchored(LogAnchorFault)
    /// The anchor could not be written: the disk is full or broken.
    case anchorFailed
    /// The host has a checkpoint that the enclave's key signed and the enclave does not remember: the anchor was replaced
    /// by an older copy.
    case anchorBehind
    /// A witness has seen a tree of this log that is not the beginning of this one, or longer: database and anchor were
    /// both replaced by older copies.
    case contradicted
    /// The anchor has as many logs as it can hold, and this one is not among them.
    case anchorFull
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
