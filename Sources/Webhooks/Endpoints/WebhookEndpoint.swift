/// An address that a workspace's events are sent to.
public struct WebhookEndpoint: Equatable, Sendable {
    public let workspace: String
    /// `we_` and 16 random characters.
    public let id: String
    /// `https://…`. It may hold a secret of the receiver's, so it stands in no log.
    public var url: String
    public var description: String
    /// What it is told of; nil for everything, later types included.
    public var types: Set<WebhookEventType>?
    public var state: WebhookEndpointState
    /// Messages that wait to be delivered.
    public var waiting: Int
    /// Messages that were not queued because too many waited already.
    public var dropped: Int
    /// Attempts that failed since the last one that did not.
    public var failures: Int
    /// When it last took a message, in Unix milliseconds as all times here; nil if it never did.
    public var deliveredAt: Int64?
    public var createdAt: Int64

    /// Whether it is told of events of a type now.
    public func takes(_ type: WebhookEventType) -> Bool { state == .enabled && types?.contains(type) ?? true }

    /// Endpoints that one workspace may have.
    public static let limit = 10
    /// Messages that may wait for one endpoint.
    public static let waitingLimit = 10_000
}

/// Whether an endpoint is sent anything.
public enum WebhookEndpointState: Equatable, Sendable {
    case enabled
    case disabled(DisabledReason)

    public enum DisabledReason: String, CaseIterable, Sendable {
        /// An operator wanted it so.
        case byOperator = "operator"
        /// It took nothing for days.
        case failing
        /// It answered 410 Gone.
        case gone
    }
}
