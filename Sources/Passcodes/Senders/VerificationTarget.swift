/// What a code is tried at.
public enum VerificationTarget: Sendable {
    /// The newest passcode of a contact.
    case contact(Contact)
    /// A passcode by the name that its sender knows it by.
    case passcode(String)

    var identifier: String? {
        switch self {
        case .contact: nil
        case .passcode(let identifier): identifier
        }
    }
}
