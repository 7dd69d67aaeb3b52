import EnclaveLink
import Workspaces

/// Whom a passcode is for: a phone number or an e-mail address, normalised, so that every spelling of one contact is
/// one contact to each limit.
public enum Contact: Equatable, Sendable {
    case phone(PhoneNumber)
    case email(EmailAddress)

    /// Reads a contact as a caller wrote it: with an `@` an e-mail address, else an E.164 number.
    /// Throws `invalidPhoneNumber`, `invalidEmail`.
    public init(_ text: String) throws(PasscodeError) {
        if text.utf8.contains(UInt8(ascii: "@")) {
            guard let address = EmailAddress(text) else { throw .invalidEmail() }
            self = .email(address)
        } else {
            guard let number = PhoneNumber(text) else { throw .invalidPhoneNumber() }
            self = .phone(number)
        }
    }

    /// The contact as the enclave seals it.
    public var address: ContactAddress {
        switch self {
        case .phone(let number): ContactAddress(kind: .phone, value: number.e164)
        case .email(let address): ContactAddress(kind: .email, value: address.text)
        }
    }

    /// The channel that a message takes. Throws `invalidChannel` where the wish does not fit the contact.
    public func channel(wished: Channel?, default defaultChannel: Channel) throws(PasscodeError) -> Channel {
        switch self {
        case .email:
            guard wished == nil || wished == .email else { throw .invalidChannel() }
            return .email
        case .phone:
            guard wished != .email else { throw .invalidChannel() }
            return wished ?? defaultChannel
        }
    }

    /// The number without its last four digits: whoever pumps messages asks for whole blocks of numbers.
    var prefix: String? {
        switch self {
        case .phone(let number): String(number.e164.dropLast(4))
        case .email: nil
        }
    }

    var country: String? {
        switch self {
        case .phone(let number): number.region
        case .email: nil
        }
    }
}
