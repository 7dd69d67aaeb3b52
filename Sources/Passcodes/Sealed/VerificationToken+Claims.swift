import EnclaveLink
import JOSE

extension VerificationToken {
    /// The contact that the token claims to be for, unproven: the enclave's finding has the last word. Known before
    /// that, it lets a login ask the enclave once instead of twice. Throws `tokenRefused`.
    func claimedContact(_ flow: SealedFlow) throws(PasscodeError) -> ContactAddress {
        let parts = value.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard value.utf8.count <= JSONWebSignatureVerifier.maximumLength, parts.count == 3,
            let payload = try? Base64URL.decode(Array(parts[1])[...]), let claims = try? JSONValue(parsing: payload),
            let contact = Self.contact(claims, flow)
        else { throw .tokenRefused(.tokenMalformed) }
        return contact
    }

    private static func contact(_ claims: JSONValue, _ flow: SealedFlow) -> ContactAddress? {
        switch flow {
        case .turnkey:
            guard let value = claims["contact"]?.text, let type = claims["verification_type"]?.text else { return nil }
            return ContactAddress(kind: type == "OTP_TYPE_EMAIL" ? .email : .phone, value: value)
        case .countersign:
            for kind in ContactAddress.Kind.allCases {
                if let value = claims[kind.rawValue]?.text { return ContactAddress(kind: kind, value: value) }
            }
            return nil
        }
    }
}
