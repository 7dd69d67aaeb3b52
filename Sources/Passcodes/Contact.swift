import EnclaveLink
import Workspaces

/// Whom a passcode is for: a phone number or an e-mail address, normalised, so that every spelling of one contact is
/// one contact to each limit.
public enum Contact: Equatable, Sendable {
    case phone(PhoneNumber)
    case email(EmailAddress)

    /// Reads a contact as a caller wrote it: with an `@` an e-mail address, else an E.164 number. A sandbox's number is
    /// read too; sending to it is refused elsewhere.
    /// Throws `invalidPhoneNumber`, `invalidEmail`.
    public init(_ text: String) throws(PasscodeError) {
        if text.utf8.contains(UInt8(ascii: "@")) {
            guard let address = EmailAddress(text) else { throw .invalidEmail() }
            self = .email(address)
        } else {
            if text == PhoneNumber.sandbox.e164 {
                self = .phone(.sandbox)
            } else if let number = PhoneNumber(text) {
                self = .phone(number)
            } else {
                throw .invalidPhoneNumber()
            }
        }
    }

    /// The contact as the enclave seals it.
    public var address: ContactAddress {
        switch self {
        case .phone(let number): ContactAddress(kind: .phone, value: number.e164)
        case .email(let address): ContactAddress(kind: .email, value: address.text)
        }
    }

    /// Why the workspace sends nothing to this number; nil where it may.
    func refusal(by settings: WorkspaceSettings) -> HiddenRefusal? {
        guard case .phone(let number) = self, !isInvented else { return nil }
        if number.isPremiumRate, !settings.allowPremium { return .premium }
        if settings.deniedNumberTypes.contains(number.kind) { return .numberType }
        let isAllowed = settings.allowedCountries.isEmpty || settings.allowedCountries.contains(number.region)
        return isAllowed && !settings.deniedCountries.contains(number.region) ? nil : .country
    }

    /// True for a sandbox's number, which no numbering plan knows.
    var isInvented: Bool { self == .phone(.sandbox) }

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
