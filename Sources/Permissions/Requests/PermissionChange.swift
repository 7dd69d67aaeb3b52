import Storage

/// Something that happened to a permission.
public struct PermissionChange: Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// People are asked; a request that policies decide is approved or denied at once.
        case requested
        /// The first of two people approved it.
        case seconded
        case approved, denied, used, revoked, expired
    }

    public let kind: Kind
    /// As it is after the change.
    public let permission: Permission
    /// Unix milliseconds.
    public let time: Int64
}

/// Where outgoing webhooks are put: in the unit of work of the change, so that both commit or neither does.
public protocol WebhookOutbox: Sendable {
    /// Called for each change of a live permission. Test keys notify nobody.
    func enqueue(_ change: PermissionChange, in transaction: any Transaction) throws(StorageError)

    /// Called for each alert that is raised or is over.
    func enqueue(_ change: AgentAlertChange, in transaction: any Transaction) throws(StorageError)
}
