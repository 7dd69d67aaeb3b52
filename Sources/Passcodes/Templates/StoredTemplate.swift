import EnclaveLink
import Messages
import Storage

/// A workspace's own text for the messages of one channel, as it was saved.
public struct StoredTemplate: Equatable, Sendable {
    public let name: TemplateName
    /// Of a mail; nil for every other channel.
    public let subject: String?
    public let text: String
    /// Unix milliseconds.
    public let updatedAt: Int64

    public init(name: TemplateName, subject: String?, text: String, updatedAt: Int64) {
        self.name = name
        self.subject = subject
        self.text = text
        self.updatedAt = updatedAt
    }

    /// For the enclave, which checks it again.
    var own: OwnTemplate { OwnTemplate(subject: subject, text: text) }

    /// The text, checked. Throws `templateRefused`, with reason and place.
    func checked() throws(PasscodeError) -> MessageTemplate {
        do throws(TemplateError) {
            return try MessageTemplate(name.channel.messageKind, subject: subject, text: text)
        } catch {
            throw .templateRefused(error)
        }
    }

    /// What a template has to be besides, to be saved. Throws `templateRefused`.
    func requireRoom() throws(PasscodeError) {
        let template = try checked()
        do throws(TemplateError) {
            try template.requireRoom(bindingLength: ChallengeClaims.bindingLength)
        } catch {
            throw .templateRefused(error)
        }
    }
}

extension StoredTemplate {
    static func all(workspace: String, in transaction: any Transaction) throws(StorageError) -> [StoredTemplate] {
        var templates: [StoredTemplate] = []
        let rows = try transaction.rows(
            """
            SELECT channel, name, locale, subject, text, updated_at FROM message_template
            WHERE workspace = $1 ORDER BY name, channel, locale
            """, [.text(workspace)])
        for row in rows {
            // A row that an older program cannot read is none of its templates.
            guard let channel = Channel(rawValue: try row.text(0)),
                let name = TemplateName(
                    channel: channel, name: try row.text(1), locale: LanguageTag(try row.text(2)))
            else { continue }
            templates.append(
                StoredTemplate(
                    name: name, subject: try row.optionalText(3), text: try row.text(4),
                    updatedAt: try row.integer(5)))
        }
        return templates
    }

    /// Saves it in place of what had its name.
    func save(workspace: String, in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO message_template (workspace, channel, name, locale, subject, text, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (workspace, channel, name, locale) DO UPDATE SET subject = $5, text = $6, updated_at = $7
            """,
            [
                .text(workspace), .text(name.channel.rawValue), .text(name.name), .text(name.locale?.text ?? ""),
                subject.map { .text($0) } ?? .null, .text(text), .integer(updatedAt),
            ])
    }

    /// False if there is none of this name.
    static func delete(
        _ name: TemplateName, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            "DELETE FROM message_template WHERE workspace = $1 AND channel = $2 AND name = $3 AND locale = $4",
            [.text(workspace), .text(name.channel.rawValue), .text(name.name), .text(name.locale?.text ?? "")]) == 1
    }
}
