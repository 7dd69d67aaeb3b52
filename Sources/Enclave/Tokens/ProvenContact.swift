import EnclaveLink

/// What a right code has shown: contact, channel and mode come from the sealed challenge, never from the host.
struct ProvenContact: Sendable {
    let workspace: String
    let mode: ChallengeMode
    let contact: ContactAddress
    let channel: Channel
}

extension ProvenContact {
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

extension ClaimsWriter {
    /// Adds whom, how and in which mode.
    mutating func add(_ proven: ProvenContact) {
        add(proven.contact.kind.rawValue, proven.contact.value)
        add("amr", proven.methods)
        add("acr", proven.contextClass)
        if proven.mode == .test { add("test", true) }
    }
}
