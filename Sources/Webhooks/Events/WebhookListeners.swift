import Storage
import Workspaces

/// Which endpoints listen to which events, remembered as long as nothing changes: nearly every change of a permission
/// asks, and most workspaces have no endpoint.
struct WebhookListeners: Sendable {
    private struct Listener: Sendable {
        let endpoint: String
        let types: Set<WebhookEventType>?
    }

    private let known: ChangeCache<String, [Listener]>

    init(database: any Database) { known = ChangeCache(isAllowed: database.hasOneOwner) }

    /// The endpoints to be told, which may be disabled by now.
    func endpoints(for event: WebhookEvent, in transaction: any Transaction) throws(StorageError) -> [String] {
        try listeners(event.workspace, in: transaction)
            .filter { $0.types?.contains(event.type) ?? true }.map(\.endpoint)
    }

    /// Called after an endpoint was changed, and before that is acknowledged.
    func forgetAll() { known.forgetAll() }

    private func listeners(
        _ workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> [Listener] {
        try known.value(for: workspace) { () throws(StorageError) in
            try transaction.rows(
                "SELECT id, event_types FROM webhook_endpoint WHERE workspace = $1 AND state = 'enabled'",
                [.text(workspace)]
            ).map { row throws(StorageError) in
                Listener(endpoint: try row.text(0), types: WebhookTypes.read(try row.text(1)))
            }
        }
    }
}
