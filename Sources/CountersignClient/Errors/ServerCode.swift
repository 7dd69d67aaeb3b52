/// Why the server said no: the `code` of its answer, in lower case, and the same for all its dialects. `docs/api.md` lists
/// them; those that apps act on have names here. A code that is not known here is one all the same.
public struct ServerCode: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { self.init(rawValue: value) }

    /// A wrong code; the error says how many attempts are left.
    public static let invalidCode: Self = "invalid_code"
    /// Ask for a new code.
    public static let codeExpired: Self = "code_expired"
    /// The code was used.
    public static let codeSpent: Self = "code_spent"
    /// The enclave restarted since the code was made: ask for a new one.
    public static let codeFromBeforeRestart: Self = "code_from_before_restart"
    /// The code is dead: ask for a new one.
    public static let tooManyAttempts: Self = "too_many_attempts"
    /// Three codes are alive for this contact: use one, or wait.
    public static let tooManyInFlight: Self = "too_many_in_flight"
    /// A minute between two messages to one contact.
    public static let spamCooldown: Self = "spam_cooldown"
    public static let rateLimited: Self = "rate_limited"
    public static let quotaExceeded: Self = "quota_exceeded"
    public static let invalidPhoneNumber: Self = "invalid_phone_number"
    public static let invalidEmail: Self = "invalid_email"
    /// The provider did not take the message.
    public static let deliveryFailed: Self = "delivery_failed"
    public static let captchaRefused: Self = "captcha_refused"
    /// The first request with this `Idempotency-Key` is still under way.
    public static let idempotencyInProgress: Self = "idempotency_in_progress"
    /// The verification token has served.
    public static let verificationTokenUsed: Self = "verification_token_used"
    public static let verificationTokenExpired: Self = "verification_token_expired"
    /// There is no such challenge: start again.
    public static let challengeUnknown: Self = "challenge_unknown"
    /// Nobody signed up with this contact.
    public static let userUnknown: Self = "user_unknown"
    /// Somebody signed up with this contact before: log in.
    public static let userExists: Self = "user_exists"
    /// The session has ended: log in.
    public static let invalidToken: Self = "invalid_token"
    /// The proof of possession did not count; a wrong clock is the usual cause.
    public static let invalidProof: Self = "invalid_dpop_proof"
    public static let unavailable: Self = "unavailable"
}

extension ServerCode {
    /// What other dialects call the same.
    private static let synonyms: [String: ServerCode] = [
        "invalid_otp_code": .invalidCode, "otp_expired": .codeExpired, "otp_already_used": .codeSpent,
        "otp_from_before_restart": .codeFromBeforeRestart, "otp_locked": .tooManyAttempts,
        "otp_not_found": .challengeUnknown, "max_otp_initiated": .tooManyInFlight,
        "verification_token_already_used": .verificationTokenUsed, "user_not_found": .userUnknown,
        "user_already_exists": .userExists,
    ]

    /// Reads a code as any of the dialects writes it.
    init(wire text: String) {
        let name = text.lowercased()
        self = Self.synonyms[name] ?? Self(rawValue: name)
    }
}
