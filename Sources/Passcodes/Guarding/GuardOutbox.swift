import FraudGuard
import Storage
import Workspaces

/// A range that was stopped, or is stopped no more.
public struct GuardChange: Equatable, Sendable {
    public enum Kind: String, Sendable {
        case stopped
        case cooled
        /// By an operator.
        case lifted
    }

    public let workspace: String
    public let kind: Kind
    public let range: TrafficRange
    /// Unverified codes of the last hour and how many may be, where it was stopped; sends that were refused, where it is
    /// no more.
    public let figures: [Int]
    /// False where the guard only watches.
    public let isEnforced: Bool
    /// Unix milliseconds.
    public let time: Int64
}

/// Where outgoing webhooks are put: in the unit of work of the change, so that both commit or neither does.
public protocol GuardOutbox: Sendable {
    func enqueue(_ change: GuardChange, in transaction: any Transaction) throws(StorageError)
}
