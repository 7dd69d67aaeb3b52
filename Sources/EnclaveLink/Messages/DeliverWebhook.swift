/// Signs a message with an endpoint's secrets and posts it there (Standard Webhooks).
public struct DeliverWebhook: EnclaveRequest {
    public typealias Reply = WebhookOutcome
    public static let kind = RequestKind.deliverWebhook

    public var workspace: String
    public var endpoint: String
    /// The endpoint's sealed secrets in force, each of which makes a signature: one, or several during a rotation.
    public var secrets: [SealedWebhookSecret]
    /// `https://…`
    public var url: String
    /// `webhook-id`: printable ASCII without dots and spaces.
    public var message: String
    /// `webhook-timestamp`: Unix seconds.
    public var timestamp: Int64
    public var body: String
    /// Milliseconds until the attempt is given up, in `deadlines`.
    public var deadline: Int
    /// A second more than the enclave has, so that its own answer arrives first.
    public var timeLimit: Int { min(max(deadline, 0), Self.deadlines.upperBound) + 1000 }

    /// Allowed values of `deadline`.
    public static let deadlines = 1...60_000
    /// Secrets that may be in force at the same time.
    public static let secretLimit = 4
    /// Messages that the enclave delivers at the same time. More of them wait for those under way.
    public static let parallel = 32

    public init(
        workspace: String, endpoint: String, secrets: [SealedWebhookSecret], url: String, message: String,
        timestamp: Int64, body: String, deadline: Int
    ) {
        self.workspace = workspace
        self.endpoint = endpoint
        self.secrets = secrets
        self.url = url
        self.message = message
        self.timestamp = timestamp
        self.body = body
        self.deadline = deadline
    }
}

/// What became of a message.
public enum WebhookOutcome: Equatable, Sendable {
    /// The receiver answered with this status; what else it said was not kept.
    case answered(status: Int)
    case failed(WebhookFailure)
}

/// Why a receiver gave no answer.
public enum WebhookFailure: String, CaseIterable, Sendable {
    /// Its name did not resolve, nothing accepted the connection, or it ended before an answer came.
    case unreachable
    /// All its addresses are private ones, or the host opens nothing for another reason of its own.
    case addressRefused
    /// The enclave's settings do not name it.
    case hostNotAllowed
    case certificateRefused
    case timedOut
    /// What came was no HTTP over TLS 1.2 or newer.
    case protocolBroken
    /// Nothing was sent: there was no room.
    case busy
    /// Nothing was sent: the enclave has no certificate authorities to trust.
    case notConfigured
}
