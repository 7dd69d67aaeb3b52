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

    /// Whether a text of this kind has lines. A short message is one paragraph.
    var hasLines: Bool { self == .email }
}
