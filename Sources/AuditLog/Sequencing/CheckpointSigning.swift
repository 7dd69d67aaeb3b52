import TransparencyLog

/// Signs what the logs are, and only what extends what it signed before. The host asks the enclave.
public protocol CheckpointSigning: Sendable {
    /// The key of a workspace's log; its name is the log's origin. Nil while nobody can sign.
    func verifierKey(of workspace: String) -> VerifierKey?

    /// Signs checkpoints of different logs.
    /// - Returns: as many answers, in the same order.
    func sign(_ requests: [CheckpointRequest]) async -> [CheckpointAnswer]
}

/// A checkpoint that is to be signed.
public struct CheckpointRequest: Sendable {
    public let checkpoint: Checkpoint
    /// The size that was signed before, as far as the asker knows.
    public let base: UInt64
    /// That the checkpoint extends the tree of that size.
    public let proof: ConsistencyProof
    /// What is stored as signed last, a note; nil before the first.
    public let stored: SignedNote?
}

/// What became of it.
public enum CheckpointAnswer: Sendable {
    /// The signed note. `restoredFrom` is what was signed last where an operator had said that an old backup was
    /// restored and this is the new beginning.
    case signed(SignedNote, restoredFrom: TreeHead?)
    /// Something else was signed last.
    case wrongBase(TreeHead)
    case refused(SigningFault)
    /// Nobody can sign at the moment.
    case unavailable
}

/// Why a log is not signed any more.
public enum SigningFault: String, Error, Sendable, CaseIterable {
    /// The signer remembers more entries than there are: the database is older than the last signature.
    case behind
    /// What was signed last is no beginning of this log.
    case inconsistent
    /// There is no anchor that says what was signed last, or it is damaged.
    case unanchored
    /// The anchor could not be written.
    case anchorFailed = "anchor_failed"
    /// The database has a checkpoint that the signer made and does not remember: its anchor is an older copy.
    case anchorBehind = "anchor_behind"
    /// A witness has seen more of the log, or another one: database and anchor are older copies both.
    case contradicted
    /// The anchor holds no more logs.
    case anchorFull = "anchor_full"
    /// Entries are missing, or one is too long to be served.
    case damagedEntries = "damaged_entries"
    /// The stored tiles do not give the root that was signed.
    case damagedTree = "damaged_tree"
    /// The signer gave something else than was asked for.
    case wrongSignature = "wrong_signature"
}
