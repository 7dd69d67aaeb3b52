/// The event types that an endpoint listens to, as they are stored: their names, with spaces between them, or nothing for
/// all that there are.
enum WebhookTypes {
    static func text(_ types: Set<WebhookEventType>?) -> String {
        types.map { $0.map(\.rawValue).sorted().joined(separator: " ") } ?? ""
    }

    /// A name that this version does not know is left out.
    static func read(_ text: String) -> Set<WebhookEventType>? {
        text.isEmpty ? nil : Set(text.split(separator: " ").compactMap { WebhookEventType(rawValue: String($0)) })
    }
}
