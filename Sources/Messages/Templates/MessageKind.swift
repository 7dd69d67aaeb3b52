/// The forms that a message takes: one for each channel.
public enum MessageKind: String, CaseIterable, Sendable {
    case sms, whatsapp, voice, email

    /// Unicode scalars of a template's text, at most. A short message of 480 is three or four of a phone network's.
    public var longestText: Int {
        switch self {
        case .sms, .voice: 480
        case .whatsapp: 1024
        case .email: 4096
        }
    }

    /// UTF-16 units of a whole message, at most; nil for no limit. What the strictest provider takes: Twilio of an SMS
    /// (its error 21617) and of the markup of a call, Meta of a text.
    public var longestMessage: Int? {
        switch self {
        case .sms: 1600
        case .voice: 4000
        case .whatsapp: 4096
        case .email: nil
        }
    }

    /// Whether a text of this kind has lines. A short message is one paragraph.
    var hasLines: Bool { self == .email }
}
