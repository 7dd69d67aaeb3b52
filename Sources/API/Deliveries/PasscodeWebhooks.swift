import HTTPServer
import Passcodes
import Storage
import Webhooks

/// Turns what happens to passcodes into webhooks, in the unit of work in which it happens. No message has a code, a token
/// or a contact.
public struct PasscodeWebhooks: PasscodeOutbox {
    private let queue: WebhookQueue

    public init(queue: WebhookQueue) { self.queue = queue }

    public func enqueue(_ change: PasscodeChange, in transaction: any Transaction) throws(StorageError) {
        try queue.append(
            WebhookEvent(workspace: change.workspace, type: Self.type(of: change.kind), time: change.time) {
                Self.text(of: change)
            }, in: transaction)
    }

    public func workspaces(
        listeningTo kind: PasscodeChange.Kind, in transaction: any Transaction
    ) throws(StorageError) -> [String] {
        try queue.workspaces(listeningTo: Self.type(of: kind), in: transaction)
    }

    private static func type(of kind: PasscodeChange.Kind) -> WebhookEventType {
        switch kind {
        case .sent: .passcodeSent
        case .delivered: .passcodeDelivered
        case .failed: .passcodeFailed
        case .verified: .passcodeVerified
        case .expired: .passcodeExpired
        case .locked: .passcodeLocked
        case .canceled: .passcodeCanceled
        }
    }

    private static func text(of change: PasscodeChange) -> String {
        var text = JSONObjectText(capacity: 256)
        text.add("passcodeId", change.identifier)
        text.add("status", change.kind.rawValue)
        text.add("channel", change.channel.rawValue)
        text.add("provider", change.provider)
        text.add("reason", change.reason)
        text.add("metadata", json: change.metadata?.text)
        text.add("expiresAt", WireTime.exactText(change.expiresAt))
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
