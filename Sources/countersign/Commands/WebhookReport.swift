import API

/// Webhooks as a person reads them.
enum WebhookReport {
    static func print(_ webhook: WebhookDescription) {
        let reason = webhook.disabledReason.map { " (\($0))" } ?? ""
        var rows = [
            ("id", webhook.id), ("url", webhook.url), ("state", webhook.state.rawValue + reason),
            ("events", webhook.eventTypes?.joined(separator: ",") ?? "all"), ("waiting", String(webhook.waiting)),
        ]
        if !webhook.description.isEmpty { rows.append(("description", webhook.description)) }
        if let last = webhook.deliveredAt { rows.append(("last delivered", last)) }
        if webhook.failures > 0 { rows.append(("failures in a row", String(webhook.failures))) }
        if webhook.dropped > 0 { rows.append(("not queued", String(webhook.dropped))) }
        Output.table(rows)
    }

    static func printSecret(_ webhook: WebhookDescription, json: Bool) throws {
        if json { return try Output.json(webhook) }
        Output.table([("id", webhook.id), ("url", webhook.url), ("secret", webhook.secret ?? "")])
        Output.line("The secret is shown once; the receiver checks the signatures of our messages with it.")
    }

    static func line(_ delivery: WebhookDeliveryDescription) -> String {
        let last = delivery.lastAttempt.map { " (\($0.result))" } ?? ""
        let next = delivery.nextAttemptAt.map { ", next at \($0)" } ?? ""
        return
            "\(delivery.createdAt)  \(delivery.eventType)  \(delivery.state) after \(delivery.attempts)\(last)\(next)"
    }

    static func line(_ attempt: WebhookAttemptDescription) -> String { "\(attempt.result)  \(attempt.milliseconds) ms" }
}

extension WebhookAttemptDescription {
    fileprivate var result: String { status.map { "status \($0)" } ?? outcome }
}
