import EnclaveLink

/// What a right code has shown. Contact and mode come from the sealed challenge, channels from the enclave's own memory of
/// its deliveries, never from the host.
struct ProvenContact: Sendable {
    let workspace: String
    let mode: ChallengeMode
    let contact: ContactAddress
    /// Over which the code went out, in the order of `Channel`; one at least. Which of several messages was read, nobody
    /// can tell.
    let channels: [Channel]
}

extension ProvenContact {
    /// How the person was asked (RFC 8176 §2 registers `otp`, `sms` and `tel`; the others are the channel's name).
    var methods: [String] {
        ["otp"]
            + channels.map { channel in
                switch channel {
                case .sms: "sms"
                case .voice: "tel"
                case .whatsapp: "whatsapp"
                case .email: "email"
                }
            }
    }

    /// What was proven, in our own words: where the code went out over several channels, the one that proves least. It names no assurance level: NIST SP 800-63B §3.1.3.1 takes e-mail for no
    /// out-of-band channel at all and restricts the telephone network.
    var contextClass: String {
        if channels.contains(.email) { return "urn:countersign:acr:email" }
        return channels == [.whatsapp] ? "urn:countersign:acr:messenger" : "urn:countersign:acr:telephone"
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
