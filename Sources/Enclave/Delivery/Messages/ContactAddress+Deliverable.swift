import EnclaveLink
import Encodings

extension ContactAddress {
    /// True if the address can stand in an envelope and a header without ending either early. The host has normalised
    /// it; the enclave does not rely on that.
    var isDeliverable: Bool {
        switch kind {
        case .email: MailAddress.isDeliverable(value)
        case .phone: Self.isPhoneNumber(value)
        }
    }

    /// E.164: `+` and at most 15 digits.
    private static func isPhoneNumber(_ value: String) -> Bool {
        let digits = value.utf8.dropFirst()
        return value.first == "+" && (1...15).contains(digits.count) && digits.allSatisfy(\.isDigit)
    }
}
