/// A text that must not show: a key, a token, a code. Printing, interpolating or dumping it says that there is one, and
/// nothing of it.
///
/// Encoding a `Secret` writes the text itself, so that an app can keep a session where it keeps secrets.
public struct Secret: Hashable, Sendable, Redacted {
    private let text: String

    /// Hides `text`.
    public init(_ text: String) { self.text = text }

    /// The text itself, for the one place that needs it.
    public func reveal() -> String { text }

    /// Always `<secret>`.
    public var description: String { "<secret>" }
}

extension Secret: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
