import EnclaveLink
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
        (1...longest).contains(name.utf8.count) && name.utf8.allSatisfy(isNameByte)
    }

    /// As the audit log names it.
    var record: String { [channel.rawValue, name, locale?.text].compactMap { $0 }.joined(separator: "/") }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_-.".utf8.contains(byte)
        }
    }
}

extension Channel {
    /// The form that a message takes on it.
    public var messageKind: MessageKind {
        switch self {
        case .email: .email
        case .sms: .sms
        case .voice: .voice
        case .whatsapp: .whatsapp
        }
    }
}
