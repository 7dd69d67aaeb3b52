import EnclaveLink
import Encodings
import Messages

/// What a stored template is known by within its workspace.
public struct TemplateName: Hashable, Sendable {
    /// The template that a send takes where its caller names none.
    public static let usual = "default"
    /// Characters of a name, at most.
    static let longest = 64

    public let channel: Channel
    /// Letters, digits, `_`, `-` and `.`.
    public let name: String
    /// Nil for readers of every language that has no text of its own.
    public let locale: LanguageTag?

    /// Nil if `name` is none.
    public init?(channel: Channel, name: String, locale: LanguageTag?) {
        guard Self.isValid(name) else { return nil }
        self.channel = channel
        self.name = name
        self.locale = locale
    }

    /// True for what a template may be called.
    public static func isValid(_ name: String) -> Bool {
        (1...longest).contains(name.utf8.count) && name.utf8.allSatisfy { $0.isLetterOrDigit || $0.isOne(of: "_-.") }
    }

    /// As the audit log names it.
    var record: String { [channel.rawValue, name, locale?.text].compactMap { $0 }.joined(separator: "/") }
}
