import Messages

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
