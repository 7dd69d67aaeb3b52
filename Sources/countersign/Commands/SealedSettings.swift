import ArgumentParser
import Workspaces

/// The settings of sealed passcodes, as options. A number may be negative, so that the server says what it may be.
struct SealedSettings: ParsableArguments {
    @Option(help: "true or false: whether apps and pages may ask without a key.") var authProxy: Bool?
    @Option(help: "Origins of those pages, with commas between, such as https://app.example.com; \"\" for none.")
    var allowedOrigins: String?
    @Option(parsing: .unconditional, help: "Requests a minute without a key from one network.") var visitorLimit: Int?
    @Option(help: "true or false: nothing is sent, two contacts have a fixed code.") var sandbox: Bool?
    @Option(parsing: .unconditional, help: "6 to 9.") var sealedCodeLength: Int?
    @Option(help: "digits or base32.") var sealedCodeAlphabet: String?
    @Option(parsing: .unconditional, help: "1 to 600.") var sealedCodeLifetimeSeconds: Int?
    @Option(parsing: .unconditional, help: "1 to 86400: the life of a verification token.")
    var verificationTokenSeconds: Int?
    @Option(parsing: .unconditional, help: "1 to 2592000: the life of a session.") var sessionSeconds: Int?
    @Option(parsing: .unconditional, help: "1 to 2592000: no session lives longer, whatever a login asks for.")
    var sessionMaximumSeconds: Int?
    @Option(help: "Mail addresses that callers may send from, with commas between; \"\" for none.")
    var allowedSenders: String?
    @Option(help: "off or required: whether visitors solve a captcha.") var captcha: String?
    @Option(help: "The captcha widget's public key; \"\" for none.") var captchaSiteKey: String?
    @Option(help: "true or false: let visitors pass while the captcha provider does not answer.")
    var captchaFailsOpen: Bool?

    /// What is to change, by the settings' names on the wire.
    var patch: [String: SettingValue] {
        var patch = SettingsPatch()
        patch.add(truth: authProxy, "auth_proxy")
        patch.add(list: allowedOrigins, "allowed_origins")
        patch.add(number: visitorLimit, "visitor_limit")
        patch.add(truth: sandbox, "sandbox")
        patch.add(number: sealedCodeLength, "sealed_code_length")
        patch.add(text: sealedCodeAlphabet, "sealed_code_alphabet")
        patch.add(number: sealedCodeLifetimeSeconds, "sealed_code_lifetime_seconds")
        patch.add(number: verificationTokenSeconds, "verification_token_seconds")
        patch.add(number: sessionSeconds, "session_seconds")
        patch.add(number: sessionMaximumSeconds, "session_maximum_seconds")
        patch.add(list: allowedSenders, "allowed_senders")
        patch.add(text: captcha, "captcha")
        patch.add(optionalText: captchaSiteKey, "captcha_site_key")
        patch.add(truth: captchaFailsOpen, "captcha_fails_open")
        return patch.values
    }
}
