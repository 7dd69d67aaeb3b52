/// One event for one endpoint.
public struct WebhookDelivery: Equatable, Sendable {
    /// The event's identifier, the receiver's `webhook-id`.
    public let id: String
    /// `type`, as it was when the event happened.
    public let type: String
    public let state: WebhookDeliveryState
    /// Attempts so far.
    public let attempts: Int
    /// The last attempt, nil before the first one.
    public let lastAttempt: WebhookAttempt?
    /// When the next attempt is due, in Unix milliseconds as all times here; nil where none is.
    public let dueAt: Int64?
    public let createdAt: Int64
    public let endedAt: Int64?
}

/// What has become of a delivery.
public enum WebhookDeliveryState: String, CaseIterable, Sendable {
    case waiting, delivered
    /// In the dead-letter list: all attempts failed, or the endpoint was disabled.
    case dead
}

/// One try to deliver.
public struct WebhookAttempt: Equatable, Sendable {
    /// Counts from 1, over replays too.
    public let number: Int
    /// When it ended, in Unix milliseconds.
    public let time: Int64
    public let result: WebhookAttemptResult
    /// How long it took.
    public let milliseconds: Int

    public init(number: Int, time: Int64, result: WebhookAttemptResult, milliseconds: Int) {
        self.number = number
        self.time = time
        self.result = result
        self.milliseconds = milliseconds
    }
}
