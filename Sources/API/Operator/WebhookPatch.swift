import Webhooks
import Workspaces

/// What a merge patch changes about a webhook endpoint.
struct WebhookPatch: Sendable {
    private var url: String?
    private var description: String?
    /// Nil where it stays, a nil inside for all.
    private var types: Set<WebhookEventType>??
    let enabled: Bool?

    /// True if it changes more than whether the endpoint is enabled.
    var hasSettings: Bool { url != nil || description != nil || types != nil }

    /// - Throws: `Problem` or `invalidSetting`, which name the field.
    init(_ patch: [String: SettingValue]) throws {
        url = try patch["url"]?.text("url")
        description = try patch["description"]?.text("description")
        switch patch["event_types"] {
        case nil: types = nil
        case .null: types = .some(nil)
        case .list(let names): types = try OperatorRoutes.eventTypes(names)
        default: throw Problem.invalidField("event_types", "must be a list, or null for all.")
        }
        switch patch["enabled"] {
        case nil: enabled = nil
        case .boolean(let truth): enabled = truth
        default: throw Problem.invalidField("enabled", "must be true or false.")
        }
    }

    @Sendable func apply(to wish: inout WebhookEndpointWish) {
        if let url { wish.url = url }
        if let description { wish.description = description }
        if let types { wish.types = types }
    }
}
