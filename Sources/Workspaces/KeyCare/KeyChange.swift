import Storage

/// Something about a key that its owner should know without looking.
public struct KeyChange: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case rotationDue
        /// It ends within so many days.
        case expiring(days: Int)
        /// It was revoked, because others know it.
        case leaked
    }

    public let kind: Kind
    public let key: APIKey
    /// Unix milliseconds.
    public let time: Int64
}

/// Where outgoing webhooks are put: in the unit of work of the change, so that both commit or neither does.
public protocol KeyOutbox: Sendable {
    func enqueue(_ change: KeyChange, in transaction: any Transaction) throws(StorageError)
}
