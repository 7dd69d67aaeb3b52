import ArgumentParser
import Workspaces

/// The settings of a workspace and of its passcodes, as options. A number may be negative, so that the server says what it may be.
struct PasscodeSettings: ParsableArguments {
    @Option var name: String?
    @Option(help: "active, inactive or past_due.") var subscription: String?
    @Option(help: "Domain of the last line @example.com #123456; \"\" for none.") var domain: String?
    @Option(help: "sms, voice or whatsapp.") var defaultChannel: String?
    @Option(parsing: .unconditional, help: "Sends a calendar month.") var monthlyQuota: Int?
    @Option(parsing: .unconditional, help: "Sends a day.") var dailyBudget: Int?
    @Option(parsing: .unconditional, help: "Seconds between two sends to one recipient.") var cooldownSeconds: Int?
    @Option(parsing: .unconditional, help: "6 to 9.") var codeLength: Int?
    @Option(help: "digits or base32.") var codeAlphabet: String?
    @Option(parsing: .unconditional, help: "1 to 600.") var codeLifetimeSeconds: Int?
    @Option(help: "true or false: the code in the mail's subject.") var codeInSubject: Bool?
    @Option(help: "true or false: premium-rate numbers.") var allowPremium: Bool?
    @Option(parsing: .unconditional, help: "Sends an hour to one recipient.") var recipientLimit: Int?
    @Option(parsing: .unconditional, help: "Sends an hour to one number prefix.") var prefixLimit: Int?
    @Option(parsing: .unconditional, help: "Sends an hour to one country.") var countryLimit: Int?
    @Option(parsing: .unconditional, help: "Sends an hour asked for from one network.") var networkLimit: Int?

    @Option(help: "true or false: whether everybody may read the audit log's entries and tiles.")
    var publicLog: Bool?
    @Option(help: "How long the audit log's entries are kept: forever, soc2, hipaa or gdpr=DAYS.")
    var auditRetention: String?
    @Option(help: "true or false: nothing of the audit log is pruned or erased.") var legalHold: Bool?
    @Option(
        help: "Channels by country, the first one first: '*=whatsapp/sms/voice,IN=sms'; \"\" for the default channel.")
    var routes: String?
    @Option(help: "Limits of sends under your own names, such as user=5/3600,device=3/86400; \"\" for none.")
    var ownLimits: String?

    @Option(help: "Addresses and networks that keys are accepted from, such as 10.0.0.0/8,2001:db8::7; \"\" for all.")
    var allowedAddresses: String?

    /// What is to change, by the settings' names on the wire.
    var patch: [String: SettingValue] {
        var patch = SettingsPatch()
        patch.add(text: name, "name")
        patch.add(text: subscription, "subscription")
        patch.add(optionalText: domain, "domain")
        patch.add(text: defaultChannel, "default_channel")
        patch.add(number: monthlyQuota, "monthly_quota")
        patch.add(number: dailyBudget, "daily_budget")
        patch.add(number: cooldownSeconds, "cooldown_seconds")
        patch.add(number: codeLength, "code_length")
        patch.add(text: codeAlphabet, "code_alphabet")
        patch.add(number: codeLifetimeSeconds, "code_lifetime_seconds")
        patch.add(truth: codeInSubject, "code_in_subject")
        patch.add(truth: allowPremium, "allow_premium")
        patch.add(number: recipientLimit, "recipient_limit")
        patch.add(number: prefixLimit, "prefix_limit")
        patch.add(number: countryLimit, "country_limit")
        patch.add(number: networkLimit, "network_limit")
        patch.add(truth: publicLog, "public_log")
        patch.add(text: auditRetention, "audit_retention")
        patch.add(truth: legalHold, "legal_hold")
        patch.add(list: routes, "routes")
        patch.add(list: ownLimits, "own_limits")
        patch.add(list: allowedAddresses, "allowed_addresses")
        return patch.values
    }
}
