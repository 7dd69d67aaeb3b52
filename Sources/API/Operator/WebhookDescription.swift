import Webhooks

/// A webhook endpoint on the wire of the operator's API; times are RFC 3339.
public struct WebhookDescription: Codable, Sendable {
    public enum State: String, Codable, Sendable { case enabled, disabled }

    public var id: String
    public var url: String
    public var description: String
    /// Absent for all.
    public var eventTypes: [String]?
    public var state: State
    public var disabledReason: String?
    /// Messages that wait.
    public var waiting: Int
    /// Messages that were not queued.
    public var dropped: Int
    /// Attempts that failed in a row.
    public var failures: Int
    /// When it last took a message.
    public var deliveredAt: String?
    public var createdAt: String
    /// Only in the answer that made it.
    public var secret: String?

    enum CodingKeys: String, CodingKey {
        case id, url, description
        case eventTypes = "event_types"
        case state
        case disabledReason = "disabled_reason"
        case waiting, dropped, failures
        case deliveredAt = "delivered_at"
        case createdAt = "created_at"
        case secret
    }

    init(_ endpoint: WebhookEndpoint, secret: String? = nil) {
        id = endpoint.id
        url = endpoint.url
        description = endpoint.description
        eventTypes = endpoint.types?.map(\.rawValue).sorted()
        switch endpoint.state {
        case .enabled: state = .enabled
        case .disabled(let reason):
            state = .disabled
            disabledReason = reason.rawValue
        }
        waiting = endpoint.waiting
        dropped = endpoint.dropped
        failures = endpoint.failures
        deliveredAt = endpoint.deliveredAt.map(WireTime.text)
        createdAt = WireTime.text(endpoint.createdAt)
        self.secret = secret
    }

    init(_ keyed: KeyedWebhookEndpoint) { self.init(keyed.endpoint, secret: keyed.secret.value) }
}

/// What `GET /v1/webhooks` answers.
public struct WebhookListing: Codable, Sendable {
    public var webhooks: [WebhookDescription]
}
