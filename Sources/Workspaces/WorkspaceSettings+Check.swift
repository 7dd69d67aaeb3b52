import EnclaveLink

extension WorkspaceSettings {
    /// Wrong codes after which a code is dead (`otp-edge`: 5).
    public static let attemptLimit = 5
    /// Wrong codes in a row for one contact, over all its codes (NIST SP 800-63B: at most 100).
    public static let consecutiveFailureLimit = 100

    /// Throws what is out of range, in words for the operator.
    public func check() throws(WorkspaceError) {
        guard CodeFormat.lengths.contains(codeLength) else { throw .invalidSetting("code_length must be 6 to 9") }
        guard (1...600).contains(codeLifetimeSeconds) else {
            throw .invalidSetting("code_lifetime_seconds must be 1 to 600")
        }
        guard (0...86_400).contains(cooldownSeconds) else {
            throw .invalidSetting("cooldown_seconds must be 0 to 86400")
        }
        guard defaultChannel != .email else {
            throw .invalidSetting("default_channel is for phone numbers: sms, voice or whatsapp")
        }
        let limits = [monthlyQuota, dailyBudget, recipientLimit, prefixLimit, countryLimit, networkLimit]
        guard limits.allSatisfy((0...1_000_000_000).contains) else {
            throw .invalidSetting("a limit must be 0 (off) to 1000000000")
        }
        if let domain, !DomainName.isValid(domain[...]) {
            throw .invalidSetting("domain must be a host name such as example.com")
        }
    }
}
