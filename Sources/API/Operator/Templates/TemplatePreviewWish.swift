/// What `POST /v1/templates/preview` is to show.
public struct TemplatePreviewWish: Codable, Sendable {
    static let fields = ["channel", "name", "locale", "text", "subject", "app", "country", "binding"]

    public var channel: String
    /// Nil for what a send takes that names none.
    public var name: String?
    public var locale: String?
    /// What is not saved yet; without it the stored template, or the built-in wording, is shown.
    public var text: String?
    /// Of a mail.
    public var subject: String?
    public var app: String?
    /// Of the reader's number, where there is no locale.
    public var country: String?
    public var binding: [String: String]?

    public init(channel: String) { self.channel = channel }
}
