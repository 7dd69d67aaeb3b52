import Messages
import Passcodes

/// A template on the wire of the operator's API; times are RFC 3339.
public struct TemplateDescription: Codable, Sendable {
    public var channel: String
    public var name: String
    /// Absent for readers of every language that has no text of its own.
    public var locale: String?
    /// Of a mail.
    public var subject: String?
    public var text: String
    public var updatedAt: String

    enum CodingKeys: String, CodingKey {
        case channel, name, locale, subject, text
        case updatedAt = "updated_at"
    }

    init(_ template: StoredTemplate) {
        channel = template.name.channel.rawValue
        name = template.name.name
        locale = template.name.locale?.text
        subject = template.subject
        text = template.text
        updatedAt = WireTime.text(template.updatedAt)
    }
}

/// What `GET /v1/templates` answers.
public struct TemplateListing: Codable, Sendable {
    public var templates: [TemplateDescription]
}

/// What `POST /v1/templates/preview` answers.
public struct TemplatePreviewDescription: Codable, Sendable {
    /// What the built-in parts are written in.
    public var language: String
    public var subject: String?
    public var text: String
    /// `GSM-7` or `UCS-2`, of an SMS.
    public var encoding: String?
    /// Septets or 16-bit units.
    public var units: Int?
    public var segments: Int?
    /// What it has with the longest values that there can be.
    public var longest: Longest

    /// The longest message that a text can make.
    public struct Longest: Codable, Sendable {
        /// UTF-16 units; of a call, with its markup.
        public var characters: Int
        /// The most that providers take; absent where there is no limit. A text that may have more is not saved.
        public var limit: Int?
        /// Of an SMS.
        public var segments: Int?

        init(_ length: MessageLength) {
            characters = length.units
            limit = length.kind.longestMessage
            segments = length.segments?.segments
        }
    }

    init(_ preview: TemplatePreview) {
        language = preview.language.rawValue
        subject = preview.subject
        text = preview.text
        let count = preview.length.segments
        encoding = count?.encoding.rawValue
        units = count?.units
        segments = count?.segments
        longest = Longest(preview.longest)
    }
}
