import EnclaveLink
import Storage

/// Something that happened to a live passcode.
public struct PasscodeChange: Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        case sent, delivered, failed, verified, expired, locked, canceled
    }

    public let kind: Kind
    public let workspace: String
    /// The name under which its sender knows it.
    public let identifier: String
    public let channel: Channel
    /// Who was to bring the message that this is about; nil where it is about none.
    public let provider: String?
    /// Why a message failed.
    public let reason: String?
    /// As its sender gave it.
    public let metadata: PasscodeMetadata?
    /// When the code dies, Unix milliseconds.
    public let expiresAt: Int64
    /// Unix milliseconds.
    public let time: Int64

    init(_ kind: Kind, of challenge: Challenge, by delivery: Delivery?, at time: Int64) {
        self.kind = kind
        workspace = challenge.workspace
        identifier = challenge.id
        channel = delivery?.channel ?? challenge.channel
        provider = delivery?.provider
        reason = kind == .failed ? delivery?.reason : nil
        metadata = PasscodeMetadata(stored: challenge.metadata)
        expiresAt = challenge.expiresAt
        self.time = time
    }
}

/// Where outgoing webhooks are put: in the unit of work of the change, so that both commit or neither does.
public protocol PasscodeOutbox: Sendable {
    /// Called for each change of a live passcode.
    func enqueue(_ change: PasscodeChange, in transaction: any Transaction) throws(StorageError)

    /// The workspaces in which somebody wants to hear of such changes.
    func workspaces(
        listeningTo kind: PasscodeChange.Kind, in transaction: any Transaction
    ) throws(StorageError) -> [String]
}

extension Challenges {
    /// Puts a change into the outbox. Test codes tell nobody, nor do decoys, nor the codes of this server's own page.
    func tell(
        _ kind: PasscodeChange.Kind, of challenge: Challenge, by delivery: Delivery? = nil, at time: Int64,
        in transaction: any Transaction
    ) throws(StorageError) {
        guard challenge.mode == .live, challenge.purpose == .verification, !challenge.isDecoy else { return }
        try outbox?.enqueue(PasscodeChange(kind, of: challenge, by: delivery, at: time), in: transaction)
    }
}
