import HTTPServer
import Storage
import Webhooks
import Workspaces

/// Turns what owners should know of their keys into webhooks, in the unit of work in which it is written down. No message
/// has a key.
public struct KeyWebhooks: KeyOutbox {
    private let queue: WebhookQueue

    public init(queue: WebhookQueue) { self.queue = queue }

    public func enqueue(_ change: KeyChange, in transaction: any Transaction) throws(StorageError) {
        try queue.append(
            WebhookEvent(workspace: change.key.workspace, type: Self.type(of: change.kind), time: change.time) {
                Self.text(of: change)
            }, in: transaction)
    }

    private static func type(of kind: KeyChange.Kind) -> WebhookEventType {
        switch kind {
        case .rotationDue: .keyRotationDue
        case .expiring: .keyExpiring
        case .leaked: .keyLeaked
        }
    }

    private static func text(of change: KeyChange) -> String {
        let key = change.key
        var text = JSONObjectText(capacity: 256)
        text.add("keyId", key.id)
        text.add("kind", key.kind.rawValue)
        text.add("name", key.name)
        text.add("hint", key.hint)
        text.add("holder", key.holder.isEmpty ? nil : key.holder)
        text.add("createdAt", WireTime.exactText(key.createdAt))
        text.add("expiresAt", key.expiresAt.map(WireTime.exactText))
        if let leak = key.leak {
            text.add("reporter", leak.reporter.isEmpty ? nil : leak.reporter)
            text.add("url", leak.url.isEmpty ? nil : leak.url)
        }
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
