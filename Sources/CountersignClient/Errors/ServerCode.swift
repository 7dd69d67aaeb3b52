/// Why the server said no: the `code` of its answer, in lower case whatever the dialect. `docs/api.md` lists them; those
/// that apps act on have names here. A code that is not known here is one all the same.
public struct ServerCode: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue.lowercased() }
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
    /// The session has ended: log in.
    public static let invalidToken: Self = "invalid_token"
    /// The proof of possession did not count; a wrong clock is the usual cause.
    public static let invalidProof: Self = "invalid_dpop_proof"
    public static let unavailable: Self = "unavailable"
}
