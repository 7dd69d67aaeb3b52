import EnclaveLink

extension WorkspaceSettings {
    /// Wrong codes after which a code is dead (`otp-edge`: 5).
    public static let attemptLimit = 5
    /// Wrong codes in a row for one contact, over all its codes (NIST SP 800-63B: at most 100).
    public static let consecutiveFailureLimit = 100
    static let originLimit = 50
    static let senderLimit = 20
    static let siteKeyLengths = 1...100
    private static let codeLifetimes = 1...600

    /// Throws what is out of range, in words for the operator.
    public func check() throws(WorkspaceError) {
        try checkSending()
        try checkSealed()
        try checkVisitors()
    }

    private func checkSending() throws(WorkspaceError) {
        try Self.check(codeLength, .codeLength, in: CodeFormat.lengths)
        try Self.check(codeLifetimeSeconds, .codeLifetimeSeconds, in: Self.codeLifetimes)
        try Self.check(cooldownSeconds, .cooldownSeconds, in: 0...86_400)
        guard defaultChannel != .email else {
            throw .invalidSetting("default_channel is for phone numbers: sms, voice or whatsapp")
        }
        let limits = [monthlyQuota, dailyBudget, recipientLimit, prefixLimit, countryLimit, networkLimit, visitorLimit]
        guard limits.allSatisfy((0...1_000_000_000).contains) else {
            throw .invalidSetting("a limit must be 0 (off) to 1000000000")
        }
        if let domain, !DomainName.isValid(domain[...]) {
            throw .invalidSetting("domain must be a host name such as example.com")
        }
    }

    private func checkSealed() throws(WorkspaceError) {
        try Self.check(sealedCodeLength, .sealedCodeLength, in: CodeFormat.lengths)
        try Self.check(sealedCodeLifetimeSeconds, .sealedCodeLifetimeSeconds, in: Self.codeLifetimes)
        try Self.check(verificationTokenSeconds, .verificationTokenSeconds, in: VerificationTokenRequest.lifetimes)
        try Self.check(sessionSeconds, .sessionSeconds, in: SignSession.lifetimes)
        // One spelling each, so that a sender can be looked up as it stands.
        let sendersAreValid = allowedSenders.allSatisfy { EmailAddress($0)?.text == $0 }
        guard allowedSenders.count <= Self.senderLimit, sendersAreValid else {
            throw .invalidSetting(
                "allowed_senders must be at most \(Self.senderLimit) e-mail addresses in lower case")
        }
    }

    private func checkVisitors() throws(WorkspaceError) {
        guard allowedOrigins.count <= Self.originLimit, allowedOrigins.allSatisfy(WebOrigin.isValid) else {
            throw .invalidSetting(
                """
                allowed_origins must be at most \(Self.originLimit) origins such as https://app.example.com, without \
                path; http only for localhost
                """)
        }
        if let captchaSiteKey {
            let isShown = captchaSiteKey.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            guard isShown, Self.siteKeyLengths.contains(captchaSiteKey.utf8.count) else {
                throw .invalidSetting("captcha_site_key must be 1 to 100 ASCII characters without spaces")
            }
        }
    }

    private static func check(_ value: Int, _ setting: CodingKeys, in range: ClosedRange<Int>) throws(WorkspaceError) {
        guard range.contains(value) else {
            throw .invalidSetting("\(setting.rawValue) must be \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
