import JOSE

/// A careful scope template for a common action, which a policy takes by its name: `scopeTemplate: gmail.send`.
///
/// The policy keeps what the template says on that day.
public struct ScopeTemplate: Sendable {
    /// The action that it is for, and its name.
    public let action: String
    /// What it allows, in words.
    public let purpose: String
    /// What it allows: a scope.
    public let value: JSONValue

    /// All of them, by name. docs/policies.md lists them.
    public static let common: [ScopeTemplate] = [
        .init(
            action: "api.call", purpose: "one call that changes nothing, an answer of at most 1 MiB",
            limits: ["max_requests": 1, "allowed_methods": ["GET", "HEAD"], "max_bytes": 1_048_576]),
        .init(
            action: "bank.transfer", purpose: "one transfer of at most 100",
            limits: ["max_amount": 100]),
        .init(
            action: "calendar.create", purpose: "one event with at most 10 guests",
            limits: ["max_events": 1, "max_guests": 10, "external_guests": false]),
        .init(
            action: "database.query", purpose: "one query that writes nothing, at most 1,000 rows",
            limits: ["max_rows": 1_000, "write": false]),
        .init(
            action: "email.send", purpose: "one message without attachments",
            limits: ["max_emails": 1, "has_attachments": false]),
        .init(
            action: "file.delete", purpose: "one file, into the bin",
            limits: ["max_files": 1, "permanent": false, "recursive": false]),
        .init(
            action: "file.read", purpose: "one read of at most 10 MiB", limits: ["max_size": 10_485_760]),
        .init(
            action: "file.write", purpose: "one new file of at most 1 MiB",
            limits: ["max_size": 1_048_576, "overwrite": false]),
        .init(
            action: "gmail.send", purpose: "one message without attachments",
            limits: ["max_emails": 1, "has_attachments": false]),
        .init(
            action: "payment.charge", purpose: "one charge of at most 50",
            limits: ["max_amount": 50, "recurring": false]),
        .init(
            action: "shell.execute", purpose: "one command of at most a minute, without network and privileges",
            limits: ["max_seconds": 60, "network": false, "privileged": false]),
        .init(
            action: "slack.post", purpose: "one message that calls nobody",
            limits: ["max_messages": 1, "mentions": false]),
    ]

    /// - Parameter limits: an object. One use is allowed, which has to state what it is held to.
    private init(action: String, purpose: String, limits: JSONValue) {
        self.action = action
        self.purpose = purpose
        let always: JSONValue = ["max_uses": 1, "require_details": true]
        value = .object((always.members ?? []) + (limits.members ?? []))
    }

    /// The template of that name.
    public static func named(_ name: String) -> ScopeTemplate? { common.first { $0.action == name } }
}
