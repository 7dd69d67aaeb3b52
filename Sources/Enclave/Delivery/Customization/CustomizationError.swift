import EnclaveLink

/// Why a message is not sent as its caller wants it.
enum CustomizationError: Error, Equatable, Sendable {
    /// A part is too long, has characters that it must not have, or is not what it should be.
    case malformed
    /// No prefix of the settings allows the link.
    case linkNotAllowed
    /// The settings do not allow mail from this address, or replies to it.
    case addressNotAllowed

    /// What the host is told.
    var reason: DeliveryFailure.Reason {
        switch self {
        case .malformed: .customizationRefused
        case .linkNotAllowed: .linkRefused
        case .addressNotAllowed: .senderRefused
        }
    }
}
