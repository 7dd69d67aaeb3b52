import AuditLog
import Encodings

extension WorkspaceSettings {
    /// Wrong codes after which a code is dead (`otp-edge`: 5).
    public static let attemptLimit = 5
    /// Wrong codes in a row for one contact, over all its codes (NIST SP 800-63B: at most 100).
    public static let consecutiveFailureLimit = 100
    static let originLimit = 50
    static let senderLimit = 20
    static let countryLimit = 250
    static let siteKeyLengths = 1...100

    /// Throws what is out of range, in words for the operator.
    public func check() throws(WorkspaceError) {
        for (setting, value) in numbers {
            guard let range = setting.range, range.contains(value) else { throw setting.refusal }
        }
        // The other channels are for phone numbers alone.
        guard defaultChannel != .email else { throw CodingKeys.defaultChannel.refusal }
        if let domain, !DomainName.isValid(domain[...]) { throw CodingKeys.domain.refusal }
        // One spelling each, so that a sender can be looked up as it stands.
        let sendersAreValid = allowedSenders.allSatisfy { EmailAddress($0)?.text == $0 }
        guard allowedSenders.count <= Self.senderLimit, sendersAreValid else { throw CodingKeys.allowedSenders.refusal }
        guard allowedOrigins.count <= Self.originLimit, allowedOrigins.allSatisfy(WebOrigin.isValid) else {
            throw CodingKeys.allowedOrigins.refusal
        }
        guard allowedAddresses.ranges.count <= AddressList.limit else { throw CodingKeys.allowedAddresses.refusal }
        guard RetentionRule(auditRetention.text) == auditRetention else { throw CodingKeys.auditRetention.refusal }
        let own = parsedOwnLimits
        guard own.count == ownLimits.count, own.count <= OwnLimit.most, Set(own.map(\.name)).count == own.count else {
            throw CodingKeys.ownLimits.refusal
        }
        for (setting, names) in countries { try Self.check(names, of: setting) }
        guard Set(deniedNumberTypes).count == deniedNumberTypes.count else {
            throw CodingKeys.deniedNumberTypes.refusal
        }
        if let captchaSiteKey {
            let isShown = captchaSiteKey.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            guard isShown, Self.siteKeyLengths.contains(captchaSiteKey.utf8.count) else {
                throw CodingKeys.captchaSiteKey.refusal
            }
        }
    }

    private static func check(_ names: [String], of setting: CodingKeys) throws(WorkspaceError) {
        guard names.count <= countryLimit, Set(names).count == names.count,
            names.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy(\.isUppercaseLetter) })
        else { throw setting.refusal }
        // A list that is to keep a country out and names none would keep out nothing.
        if let unknown = names.first(where: { !CountryName.isKnown($0) }) {
            throw .invalidSetting(
                "\(setting.rawValue) has \(unknown), which is no country of ISO 3166-1 with phone numbers")
        }
    }

    private var countries: [(CodingKeys, [String])] {
        [(.allowedCountries, allowedCountries), (.deniedCountries, deniedCountries), (.routes, routes.countries)]
    }

    /// The limits that somebody switched off, by their names on the wire, and what they are for a new workspace.
    public var limitsSwitchedOff: [(setting: String, usual: String)] {
        let usual = Dictionary(uniqueKeysWithValues: Self().numbers)
        let numbers = numbers.compactMap { key, value -> (setting: String, usual: String)? in
            guard value == 0, let usual = usual[key], usual > 0 else { return nil }
            return (key.rawValue, "\(usual)")
        }
        return numbers + (guardMode == .off ? [(CodingKeys.guardMode.rawValue, Self().guardMode.rawValue)] : [])
    }

    private var numbers: [(CodingKeys, Int)] {
        [
            (.monthlyQuota, monthlyQuota), (.dailyBudget, dailyBudget), (.cooldownSeconds, cooldownSeconds),
            (.codeLength, codeLength), (.codeLifetimeSeconds, codeLifetimeSeconds),
            (.recipientLimit, recipientLimit), (.prefixLimit, prefixLimit), (.countryLimit, countryLimit),
            (.networkLimit, networkLimit), (.visitorLimit, visitorLimit), (.sealedCodeLength, sealedCodeLength),
            (.sealedCodeLifetimeSeconds, sealedCodeLifetimeSeconds),
            (.verificationTokenSeconds, verificationTokenSeconds), (.sessionSeconds, sessionSeconds),
            (.sessionMaximumSeconds, sessionMaximumSeconds), (.guardPrefixBudget, guardPrefixBudget),
            (.guardNetworkBudget, guardNetworkBudget), (.guardCountryBudget, guardCountryBudget),
            (.guardApplicationBudget, guardApplicationBudget),
        ]
    }
}
