import Webhooks

/// A delivery on the wire of the operator's API; times are RFC 3339.
public struct WebhookDeliveryDescription: Codable, Sendable {
    /// The receiver's `webhook-id`.
    public var id: String
    public var eventType: String
    public var state: String
    public var attempts: Int
    public var lastAttempt: WebhookAttemptDescription?
    public var nextAttemptAt: String?
    public var createdAt: String
    public var endedAt: String?

    enum CodingKeys: String, CodingKey {
        case id
        case eventType = "event_type"
        case state, attempts
        case lastAttempt = "last_attempt"
        case nextAttemptAt = "next_attempt_at"
        case createdAt = "created_at"
        case endedAt = "ended_at"
    }

    init(_ delivery: WebhookDelivery) {
        id = delivery.id
        eventType = delivery.type
        state = delivery.state.rawValue
        attempts = delivery.attempts
        lastAttempt = delivery.lastAttempt.map(WebhookAttemptDescription.init)
        nextAttemptAt = delivery.dueAt.map(WireTime.text)
        createdAt = WireTime.text(delivery.createdAt)
        endedAt = delivery.endedAt.map(WireTime.text)
    }
}

/// An attempt on the wire of the operator's API.
public struct WebhookAttemptDescription: Codable, Sendable {
    public var number: Int
    public var time: String
    /// `answered`, or why there was no answer.
    public var outcome: String
    /// The receiver's status.
    public var status: Int?
    public var milliseconds: Int

    init(_ attempt: WebhookAttempt) {
        number = attempt.number
        time = WireTime.text(attempt.time)
        outcome = attempt.result.name
        status = attempt.result.status == 0 ? nil : attempt.result.status
        milliseconds = attempt.milliseconds
    }
}

/// What `GET /v1/webhooks/:id/deliveries` answers.
public struct WebhookDeliveryListing: Codable, Sendable {
    public var deliveries: [WebhookDeliveryDescription]
}

/// What `GET /v1/webhooks/:id/deliveries/:delivery` answers.
public struct WebhookAttemptListing: Codable, Sendable {
    public var attempts: [WebhookAttemptDescription]
}

/// What `POST /v1/webhooks/:id/test` answers.
public struct QueuedWebhook: Codable, Sendable {
    /// The delivery's id.
    public var delivery: String
}

/// What `POST /v1/webhooks/:id/replay` answers.
public struct ReplayedWebhooks: Codable, Sendable {
    public var replayed: Int
}
