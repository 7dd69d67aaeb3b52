/// Asks the captcha provider whether a visitor's token is good. The provider's secret is in the enclave's settings.
public struct VerifyCaptcha: EnclaveRequest {
    public typealias Reply = CaptchaOutcome
    public static let kind = RequestKind.verifyCaptcha

    public var workspace: String
    public var token: CaptchaToken
    /// The visitor's address, nil where it is not known.
    public var address: String?
    /// Milliseconds until the provider is given up, in `deadlines`.
    public var deadline: Int
    /// A second more than the enclave has, so that its own answer arrives first.
    public var timeLimit: Int { min(max(deadline, 0), Self.deadlines.upperBound) + 1000 }

    /// Allowed values of `deadline`.
    public static let deadlines = 1...60_000

    public init(workspace: String, token: CaptchaToken, address: String?, deadline: Int) {
        self.workspace = workspace
        self.token = token
        self.address = address
        self.deadline = deadline
    }
}

/// What a captcha widget gave the visitor. Good once.
public struct CaptchaToken: Equatable, Sendable, Redacted {
    /// Characters of a token, at most (Turnstile: 2048).
    public static let maximumLength = 2048
    public let value: String
    public init(_ value: String) { self.value = value }
    public var description: String { "<captcha token>" }
}

public enum CaptchaOutcome: String, CaseIterable, Equatable, Sendable {
    case passed, refused
    /// The enclave's settings have no captcha secret for this workspace.
    case notConfigured
    /// The provider did not answer, or not in its own language.
    case unavailable
}
