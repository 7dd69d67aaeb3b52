import EnclaveLink

/// What an identity token will state: contact, channel and mode come from the sealed challenge, never from the host.
struct IdentityStatement: Sendable {
    let workspace: String
    let mode: ChallengeMode
    let contact: ContactAddress
    let channel: Channel
    let request: IdentityTokenRequest
}

extension IdentityStatement {
    /// How the person was asked (RFC 8176 §2 registers `otp`, `sms` and `tel`; the others are the channel's name).
    var methods: [String] {
        switch channel {
        case .sms: ["otp", "sms"]
        case .voice: ["otp", "tel"]
        case .whatsapp: ["otp", "whatsapp"]
        case .email: ["otp", "email"]
        }
    }

    /// What was proven, in our own words. It names no assurance level: NIST SP 800-63B §3.1.3.1 takes e-mail for no
    /// out-of-band channel at all and restricts the telephone network.
    var contextClass: String {
        switch channel {
        case .sms, .voice: "urn:countersign:acr:telephone"
        case .whatsapp: "urn:countersign:acr:messenger"
        case .email: "urn:countersign:acr:email"
        }
    }
}
