import HTTPServer
import Passcodes
import Storage
import Webhooks

/// Turns what the fraud guard does into webhooks, in the unit of work in which it is written down.
public struct GuardWebhooks: GuardOutbox {
    private let queue: WebhookQueue

    public init(queue: WebhookQueue) { self.queue = queue }

    public func enqueue(_ change: GuardChange, in transaction: any Transaction) throws(StorageError) {
        try queue.append(
            WebhookEvent(workspace: change.workspace, type: Self.type(of: change.kind), time: change.time) {
                Self.text(of: change)
            }, in: transaction)
    }

    private static func type(of kind: GuardChange.Kind) -> WebhookEventType {
        switch kind {
        case .stopped: .guardStopped
        case .cooled: .guardCooled
        case .lifted: .guardLifted
        }
    }

    private static func text(of change: GuardChange) -> String {
        var text = JSONObjectText()
        text.add("kind", change.range.kind.rawValue)
        text.add("name", change.range.name)
        text.add("enforced", change.isEnforced)
        switch (change.kind, change.figures) {
        case (.stopped, let figures) where figures.count == 2:
            text.add("unverified", figures[0])
            text.add("budget", figures[1])
        case (.cooled, let figures) where figures.count == 1: text.add("refused", figures[0])
        default: break
        }
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
