import Workspaces

/// Why nothing was sent, where the asker must not learn it: it would tell of the contact or of the fraud that is
/// suspected. The audit trail says it.
enum HiddenRefusal: Sendable {
    case premium, numberType, country, contactClosed
    /// The fraud guard has stopped the number's range.
    case stopped
    /// The contact is none that the asker may reach.
    case nobody
    /// The contact is a test recipient.
    case testRecipient
    case limit(SendLimit)

    /// The audit trail's word for it.
    var word: String {
        switch self {
        case .premium: "premium"
        case .numberType: "number-type"
        case .country: "country-denied"
        case .stopped: "guard"
        case .contactClosed: "contact-closed"
        case .nobody: "nobody"
        case .testRecipient: "test-recipient"
        case .limit(let limit): limit.rawValue
        }
    }
}
