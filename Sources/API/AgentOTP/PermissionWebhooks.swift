import HTTPServer
import Permissions
import Storage
import Webhooks

/// Turns what happens to permissions into webhooks, in the unit of work in which it happens. No message has a token, a
/// key or a number that only the asking side shows.
public struct PermissionWebhooks: WebhookOutbox {
    private let queue: WebhookQueue

    public init(queue: WebhookQueue) { self.queue = queue }

    public func enqueue(_ change: PermissionChange, in transaction: any Transaction) throws(StorageError) {
        let permission = change.permission
        try queue.append(
            WebhookEvent(workspace: permission.workspace, type: Self.type(of: change.kind), time: change.time) {
                Self.text(of: permission)
            }, in: transaction)
    }

    public func enqueue(_ change: AgentAlertChange, in transaction: any Transaction) throws(StorageError) {
        try queue.append(
            WebhookEvent(
                workspace: change.workspace, type: change.isRaised ? .alertRaised : .alertCleared, time: change.time
            ) {
                var text = JSONObjectText()
                text.add("alert", change.alert.rawValue)
                text.add("value", json: String(change.value))
                text.add("limit", json: String(change.limit))
                return String(decoding: text.bytes, as: UTF8.self)
            }, in: transaction)
    }

    private static func type(of kind: PermissionChange.Kind) -> WebhookEventType {
        switch kind {
        case .requested: .permissionRequested
        case .seconded: .permissionSeconded
        case .approved: .permissionApproved
        case .denied: .permissionDenied
        case .used: .permissionUsed
        case .revoked: .permissionRevoked
        case .expired: .permissionExpired
        }
    }

    /// What the agent said about the request stays behind `statement`, where it is marked as its claim.
    private static func text(of permission: Permission) -> String {
        var text = JSONObjectText(capacity: 512)
        text.add("permissionId", permission.id)
        text.add("agentId", permission.agent)
        text.add("status", permission.status.rawValue)
        text.add("action", permission.action)
        text.add("statement", permission.statement?.text)
        text.add("reason", permission.reason)
        text.add("decidedBy", permission.decision.map { $0.by.joined(separator: ", ") })
        text.add("expiresAt", WireTime.exactText(permission.expiresAt))
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
