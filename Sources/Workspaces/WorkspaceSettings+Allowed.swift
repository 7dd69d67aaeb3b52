import AuditLog
import EnclaveLink
import Encodings

extension WorkspaceSettings.CodingKeys {
    /// What a number may be; nil for a setting that is none.
    var range: ClosedRange<Int>? {
        switch self {
        case .codeLength, .sealedCodeLength: CodeFormat.lengths
        case .codeLifetimeSeconds, .sealedCodeLifetimeSeconds: 1...600
        case .verificationTokenSeconds: VerificationTokenRequest.lifetimes
        case .sessionSeconds, .sessionMaximumSeconds: SignSession.lifetimes
        case .cooldownSeconds: 0...86_400
        case .monthlyQuota, .dailyBudget, .recipientLimit, .prefixLimit, .countryLimit, .networkLimit, .visitorLimit,
            .guardPrefixBudget, .guardNetworkBudget, .guardCountryBudget, .guardApplicationBudget:
            0...1_000_000_000
        case .domain, .defaultChannel, .codeAlphabet, .codeInSubject, .allowPremium, .authProxy, .allowedOrigins,
            .sandbox, .sealedCodeAlphabet, .allowedSenders, .captcha, .captchaSiteKey, .captchaFailsOpen, .publicLog,
            .auditRetention, .legalHold, .routes, .ownLimits, .guardMode, .allowedCountries, .deniedCountries,
            .deniedNumberTypes, .allowedAddresses:
            nil
        }
    }

    /// Whether its values are numbers or words of ours. Others may name a person, so that they stay out of the audit log,
    /// which does not forget them.
    var hasClosedValues: Bool {
        switch self {
        case .defaultChannel, .codeAlphabet, .codeInSubject, .allowPremium, .authProxy, .sandbox, .sealedCodeAlphabet,
            .captcha, .captchaFailsOpen, .publicLog, .auditRetention, .legalHold, .routes, .ownLimits, .guardMode,
            .allowedCountries, .deniedCountries, .deniedNumberTypes:
            true
        default: range != nil
        }
    }

    /// What the setting may be, in words for the operator, after "must be".
    var allowed: String {
        if let range { return range.lowerBound == 0 ? "0 (off) to \(range.upperBound)" : Self.words(range) }
        return switch self {
        case .domain: "a host name such as example.com"
        case .defaultChannel: "sms, voice or whatsapp"
        case .codeAlphabet, .sealedCodeAlphabet: Self.words(CodeAlphabet.allCases.map(\.rawValue))
        case .captcha: Self.words(WorkspaceSettings.Captcha.allCases.map(\.rawValue))
        case .captchaSiteKey: "\(Self.words(WorkspaceSettings.siteKeyLengths)) ASCII characters without spaces"
        case .allowedSenders: "at most \(WorkspaceSettings.senderLimit) e-mail addresses in lower case"
        case .allowedOrigins:
            """
            at most \(WorkspaceSettings.originLimit) origins such as https://app.example.com, as browsers write them: \
            lower case, no path, no slash at the end; http only for localhost, *.localhost, 127.0.0.1 and [::1]
            """
        case .ownLimits:
            """
            at most \(OwnLimit.most) limits NAME=USES/SECONDS such as user=5/3600: names of 1 to 32 lower-case letters, \
            digits and underscores, 1 to 1000000 uses, 1 to 2592000 seconds
            """
        case .routes:
            "different countries, each with its channels, such as *=whatsapp/sms/voice and IN=sms (sms, voice, whatsapp)"
        case .auditRetention: "forever, soc2, hipaa or gdpr=DAYS, \(Self.words(RetentionRule.days)) days"
        case .guardMode: Self.words(WorkspaceSettings.GuardMode.allCases.map(\.rawValue))
        case .allowedCountries, .deniedCountries:
            "at most \(WorkspaceSettings.countryLimit) countries such as DE (ISO 3166-1), each once"
        case .deniedNumberTypes: "kinds of numbers, each once: \(Self.words(NumberKind.allCases.map(\.rawValue)))"
        case .allowedAddresses:
            "at most \(AddressList.limit) addresses or networks such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32"
        default: "true or false"
        }
    }

    /// The refusal of a value that the setting may not have.
    var refusal: WorkspaceError { refusal(nil) }

    /// - Parameter fault: which part of the value it is, in words that follow the rule; nil where that is not known.
    func refusal(_ fault: String?) -> WorkspaceError {
        .invalidSetting("\(rawValue) must be \(allowed)" + (fault.map { ": \($0)" } ?? ""))
    }

    private static func words(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound)" }

    private static func words(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.joined() }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }
}
