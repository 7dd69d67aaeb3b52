import AuditLog
import EnclaveLink
import Encodings

/// What an operator sets for a workspace. Zero switches a limit off. A challenge keeps the values that it was made
/// under; a change counts from the next challenge on.
public struct WorkspaceSettings: Equatable, Sendable {
    /// The domain of the origin-bound last line of a message, such as `example.com`.
    public var domain: String?
    /// Where a code for a phone number goes unless the caller names a channel.
    public var defaultChannel = Channel.sms
    /// Sends in a calendar month (UTC).
    public var monthlyQuota = 10_000
    /// Sends a day over all recipients: so many at once, and from then on as many a day, evenly.
    public var dailyBudget = 0
    /// Seconds between two sends to one recipient.
    public var cooldownSeconds = 60
    /// Characters in a code, 6…9.
    public var codeLength = 6
    public var codeAlphabet = CodeAlphabet.digits
    /// Seconds, 1…600 (NIST SP 800-63B: at most 10 minutes).
    public var codeLifetimeSeconds = 600
    public var codeInSubject = false
    /// Premium-rate numbers cost the sender; whoever owns one earns with each message.
    public var allowPremium = false
    /// Sends an hour to one recipient, as for all limits below: so many at once, and as many an hour from then on.
    public var recipientLimit = 10
    /// Sends an hour to one number prefix: the number without its last four digits.
    public var prefixLimit = 500
    /// Sends an hour to one country.
    public var countryLimit = 5_000
    /// Sends an hour asked for from one network (IPv4 /24, IPv6 /64). Off: the caller is a back end.
    public var networkLimit = 0
    /// Whether browsers and apps may use the auth proxy and our own sealed API without a key.
    public var authProxy = true
    /// The origins whose pages may: compared exactly, such as `https://app.example.com`.
    public var allowedOrigins: [String] = []
    /// Requests a minute from one network to the auth proxy, without a key to our own sealed API, and
    /// of forms of the approval page.
    public var visitorLimit = 60
    /// A sandbox sends nothing: two contacts have a fixed code, and its tokens are signed by keys that no live verifier
    /// trusts.
    public var sandbox = false
    /// Characters in a sealed code, 6…9.
    public var sealedCodeLength = 9
    public var sealedCodeAlphabet = CodeAlphabet.base32
    /// Seconds, 1…600.
    public var sealedCodeLifetimeSeconds = 300
    /// Seconds, 1…86,400.
    public var verificationTokenSeconds = 3_600
    /// Seconds, 1…2,592,000.
    public var sessionSeconds = 900
    /// Seconds, 1…2,592,000: no session lives longer, whatever a login asks for or `sessionSeconds` says.
    public var sessionMaximumSeconds = 2_592_000
    /// The `From` and `Reply-To` addresses that callers may choose.
    public var allowedSenders: [String] = []
    /// Whether visitors solve a captcha before a code is sent and before they sign up.
    public var captcha = Captcha.off
    /// The captcha widget's public key, which clients ask for.
    public var captchaSiteKey: String?
    /// Lets visitors pass while the captcha provider does not answer.
    public var captchaFailsOpen = false
    /// Whether everybody may read the audit log's tiles and entries, which have no contacts and no addresses.
    public var publicLog = false
    /// How long the entries of the audit log are kept, at least and at most.
    public var auditRetention = RetentionRule.forever
    /// Whether nothing of the audit log is removed, whatever the rule says and whoever asks.
    public var legalHold = false
    /// Over which channels codes for phone numbers go, in which order, in which country; else `defaultChannel` alone.
    public var routes = ChannelRoutes.none
    /// Limits of sends under the caller's own names for whoever asks, such as `user=5/3600`.
    public var ownLimits: [String] = []
    /// What the fraud guard does with a range whose codes nobody verifies.
    public var guardMode = GuardMode.shadow
    /// Unverified codes an hour to a number prefix, from a visitor's network, to a country and of an application that have
    /// verified none, as for all budgets below; 0 leaves them unwatched.
    public var guardPrefixBudget = 5
    public var guardNetworkBudget = 10
    public var guardCountryBudget = 30
    public var guardApplicationBudget = 100
    /// The only countries to which messages go, such as `DE`; empty for all.
    public var allowedCountries: [String] = []
    /// Countries to which none goes, also where they are among the allowed ones.
    public var deniedCountries: [String] = []
    /// Kinds of numbers to which no message goes, such as `voip`.
    public var deniedNumberTypes: [NumberKind] = []

    /// From where the workspace's keys are accepted, beside what is said of each.
    public var allowedAddresses = AddressList.everywhere

    public enum Captcha: String, CaseIterable, Sendable, Codable {
        case off, required
    }

    public enum GuardMode: String, CaseIterable, Sendable, Codable {
        case off
        /// It reports what it would stop, and stops nothing.
        case shadow
        case enforce
    }

    public init() {}

    /// The life of a session in seconds.
    /// - Parameter wish: what the login asks for; nil where it leaves it to the workspace.
    public func sessionLifetime(asked wish: Int?) -> Int { min(wish ?? sessionSeconds, sessionMaximumSeconds) }

    /// What the audit log is kept under.
    var retention: RetentionTerms { RetentionTerms(rule: auditRetention, isHeld: legalHold) }
}

extension WorkspaceSettings: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case domain
        case defaultChannel = "default_channel"
        case monthlyQuota = "monthly_quota"
        case dailyBudget = "daily_budget"
        case cooldownSeconds = "cooldown_seconds"
        case codeLength = "code_length"
        case codeAlphabet = "code_alphabet"
        case codeLifetimeSeconds = "code_lifetime_seconds"
        case codeInSubject = "code_in_subject"
        case allowPremium = "allow_premium"
        case recipientLimit = "recipient_limit"
        case prefixLimit = "prefix_limit"
        case countryLimit = "country_limit"
        case networkLimit = "network_limit"
        case authProxy = "auth_proxy"
        case allowedOrigins = "allowed_origins"
        case visitorLimit = "visitor_limit"
        case sandbox
        case sealedCodeLength = "sealed_code_length"
        case sealedCodeAlphabet = "sealed_code_alphabet"
        case sealedCodeLifetimeSeconds = "sealed_code_lifetime_seconds"
        case verificationTokenSeconds = "verification_token_seconds"
        case sessionSeconds = "session_seconds"
        case sessionMaximumSeconds = "session_maximum_seconds"
        case allowedSenders = "allowed_senders"
        case captcha
        case captchaSiteKey = "captcha_site_key"
        case captchaFailsOpen = "captcha_fails_open"
        case publicLog = "public_log"
        case auditRetention = "audit_retention"
        case legalHold = "legal_hold"
        case routes
        case ownLimits = "own_limits"
        case guardMode = "guard_mode"
        case guardPrefixBudget = "guard_prefix_budget"
        case guardNetworkBudget = "guard_network_budget"
        case guardCountryBudget = "guard_country_budget"
        case guardApplicationBudget = "guard_application_budget"
        case allowedCountries = "allowed_countries"
        case deniedCountries = "denied_countries"
        case deniedNumberTypes = "denied_number_types"
        case allowedAddresses = "allowed_addresses"
    }

    /// The names of all settings on the wire.
    public static let names = CodingKeys.allCases.map(\.rawValue)

    /// What is absent keeps its default, so that an older row reads under a newer program.
    public init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func take<Value: Decodable>(_ key: CodingKeys, into setting: inout Value) throws {
            if values.contains(key) { setting = try values.decode(Value.self, forKey: key) }
        }
        try take(.domain, into: &domain)
        try take(.defaultChannel, into: &defaultChannel)
        try take(.monthlyQuota, into: &monthlyQuota)
        try take(.dailyBudget, into: &dailyBudget)
        try take(.cooldownSeconds, into: &cooldownSeconds)
        try take(.codeLength, into: &codeLength)
        try take(.codeAlphabet, into: &codeAlphabet)
        try take(.codeLifetimeSeconds, into: &codeLifetimeSeconds)
        try take(.codeInSubject, into: &codeInSubject)
        try take(.allowPremium, into: &allowPremium)
        try take(.recipientLimit, into: &recipientLimit)
        try take(.prefixLimit, into: &prefixLimit)
        try take(.countryLimit, into: &countryLimit)
        try take(.networkLimit, into: &networkLimit)
        try take(.authProxy, into: &authProxy)
        try take(.allowedOrigins, into: &allowedOrigins)
        try take(.visitorLimit, into: &visitorLimit)
        try take(.sandbox, into: &sandbox)
        try take(.sealedCodeLength, into: &sealedCodeLength)
        try take(.sealedCodeAlphabet, into: &sealedCodeAlphabet)
        try take(.sealedCodeLifetimeSeconds, into: &sealedCodeLifetimeSeconds)
        try take(.verificationTokenSeconds, into: &verificationTokenSeconds)
        try take(.sessionSeconds, into: &sessionSeconds)
        try take(.sessionMaximumSeconds, into: &sessionMaximumSeconds)
        try take(.allowedSenders, into: &allowedSenders)
        try take(.captcha, into: &captcha)
        try take(.captchaSiteKey, into: &captchaSiteKey)
        try take(.captchaFailsOpen, into: &captchaFailsOpen)
        try take(.publicLog, into: &publicLog)
        try take(.auditRetention, into: &auditRetention)
        try take(.legalHold, into: &legalHold)
        try take(.routes, into: &routes)
        try take(.ownLimits, into: &ownLimits)
        try take(.guardMode, into: &guardMode)
        try take(.guardPrefixBudget, into: &guardPrefixBudget)
        try take(.guardNetworkBudget, into: &guardNetworkBudget)
        try take(.guardCountryBudget, into: &guardCountryBudget)
        try take(.guardApplicationBudget, into: &guardApplicationBudget)
        try take(.allowedCountries, into: &allowedCountries)
        try take(.deniedCountries, into: &deniedCountries)
        try take(.deniedNumberTypes, into: &deniedNumberTypes)
        try take(.allowedAddresses, into: &allowedAddresses)
    }
}
