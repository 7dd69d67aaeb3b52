/// Why a workspace, a key or a limit said no. Equal by code.
public struct WorkspaceError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: Equatable, Sendable {
        case keyMissing, keyInvalid, keyRevoked, keyExpired, keyInBrowser, keyNotPermitted, certificateRequired
        case addressNotAllowed, abilityMissing, signatureInvalid
        case subscriptionInactive
        case quotaExceeded, budgetExceeded, cooldown, rateLimited
        case invalidSetting, keyRegistered, notFound
        case unavailable
    }

    public let code: Code
    /// Words for whoever may act on it; never a secret.
    public let message: String
    /// Seconds after which a retry may succeed; 0 where waiting does not help.
    public let retryAfter: Int
    /// The limit that was reached, where its numbers are no secret; nil for other errors.
    public let policy: RateLimitPolicy?
    /// Where it was raised, for the log.
    public let place: String

    private init(
        _ code: Code, _ message: String, retryAfter: Int = 0, policy: RateLimitPolicy? = nil, _ file: String,
        _ line: Int
    ) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
        self.policy = policy
        self.place = "\(file):\(line)"
    }

    public static func == (one: Self, other: Self) -> Bool { one.code == other.code }
    public var description: String { "\(message) (\(place))" }
}

extension WorkspaceError {
    public static func keyMissing(file: String = #fileID, line: Int = #line) -> Self {
        .init(.keyMissing, "An API key is needed.", file, line)
    }
    public static func keyInvalid(file: String = #fileID, line: Int = #line) -> Self {
        .init(.keyInvalid, "This API key is not valid.", file, line)
    }
    public static func keyRevoked(file: String = #fileID, line: Int = #line) -> Self {
        .init(.keyRevoked, "This API key was revoked. Use another one.", file, line)
    }
    public static func keyExpired(file: String = #fileID, line: Int = #line) -> Self {
        .init(.keyExpired, "This API key has expired. Create another one.", file, line)
    }
    public static func keyInBrowser(file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .keyInBrowser,
            "A secret key must never be used from a browser. Call from your server, and replace this key.",
            file, line)
    }
    public static func keyNotPermitted(_ message: String, file: String = #fileID, line: Int = #line) -> Self {
        .init(.keyNotPermitted, message, file, line)
    }
    /// A good key from an address that is on no list of its own, its workspace's or its kind's.
    public static func addressNotAllowed(file: String = #fileID, line: Int = #line) -> Self {
        .init(.addressNotAllowed, "This API key is not accepted from here.", file, line)
    }
    /// A good key that was made for other things.
    public static func abilityMissing(_ ability: KeyAbility, file: String = #fileID, line: Int = #line) -> Self {
        .init(.abilityMissing, "This API key may not do this: its abilities lack \(ability.rawValue).", file, line)
    }
    /// A good key that counts only with a client certificate (mutual TLS), and there is none that holds.
    public static func certificateRequired(_ message: String, file: String = #fileID, line: Int = #line) -> Self {
        .init(.certificateRequired, message, file, line)
    }
    /// Somebody claims to be a trusted reporter of leaks, and the signature says otherwise.
    public static func signatureInvalid(file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .signatureInvalid,
            "The signature does not hold for this body under that key. Sign the bytes of the body as they are sent, with "
                + "ECDSA over P-256 and SHA-256, as DER in base64, one header each; or leave both headers out: a report needs "
                + "no signature.", file, line)
    }
    public static func subscriptionInactive(file: String = #fileID, line: Int = #line) -> Self {
        .init(.subscriptionInactive, "The workspace's subscription is not active.", file, line)
    }
    public static func quotaExceeded(retryAfter: Int, file: String = #fileID, line: Int = #line) -> Self {
        .init(.quotaExceeded, "The workspace's monthly quota is used up.", retryAfter: retryAfter, file, line)
    }
    public static func budgetExceeded(retryAfter: Int, file: String = #fileID, line: Int = #line) -> Self {
        .init(.budgetExceeded, "The workspace's daily budget is used up.", retryAfter: retryAfter, file, line)
    }
    public static func cooldown(retryAfter: Int, file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .cooldown, "A code was sent to this recipient a moment ago. Wait before sending another.",
            retryAfter: retryAfter, file, line)
    }
    public static func rateLimited(
        by subject: String, policy: RateLimitPolicy? = nil, retryAfter: Int, file: String = #fileID, line: Int = #line
    ) -> Self {
        .init(
            .rateLimited, "Too many sends for this \(subject).", retryAfter: retryAfter, policy: policy, file, line)
    }
    /// A limit on reports of leaked keys.
    static func reportsLimited(
        policy: RateLimitPolicy, retryAfter: Int, file: String = #fileID, line: Int = #line
    ) -> Self {
        .init(
            .rateLimited,
            "Too many reports from this network. Send this one again in \(retryAfter) s; one report may have "
                + "\(LeakedKeys.limit) tokens.", retryAfter: retryAfter, policy: policy, file, line)
    }
    /// A limit on requests of any kind.
    public static func requestsLimited(
        from subject: String, policy: RateLimitPolicy, retryAfter: Int, file: String = #fileID, line: Int = #line
    ) -> Self {
        .init(
            .rateLimited, "Too many requests from this \(subject).", retryAfter: retryAfter, policy: policy, file, line)
    }
    public static func invalidSetting(_ message: String, file: String = #fileID, line: Int = #line) -> Self {
        .init(.invalidSetting, message, file, line)
    }
    /// A stamp key counts for one workspace, for ever: whoever could take over a revoked one would get its callers.
    public static func keyRegistered(file: String = #fileID, line: Int = #line) -> Self {
        .init(.keyRegistered, "This public key is or was registered. Make a fresh pair of keys.", file, line)
    }
    public static func notFound(_ what: String, file: String = #fileID, line: Int = #line) -> Self {
        .init(.notFound, "There is no such \(what).", file, line)
    }
    public static func unavailable(_ reason: String, file: String = #fileID, line: Int = #line) -> Self {
        .init(.unavailable, reason, retryAfter: 1, file, line)
    }
}
