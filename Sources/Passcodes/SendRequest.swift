import AuditLog
import EnclaveLink
import Messages
import Workspaces

/// A wish to send a passcode, already in the domain's words.
public struct SendRequest: Sendable {
    /// A fresh identifier in the dialect's form; the challenge's name for its caller.
    public var identifier: String
    public var contact: Contact
    /// Nil for the contact's usual channel.
    public var channel: Channel?
    /// The application's name, shown in the message.
    public var application: ApplicationName
    /// Nil where the caller gives no `Idempotency-Key`.
    public var idempotency: Idempotency?
    /// What the reader reads; nil for the language of the number's country.
    public var locale: LanguageTag?
    /// The name of an own template; nil for the workspace's usual texts.
    public var template: String?
    /// What the code is for besides the contact: a later attempt has to say the same.
    public var claims = PasscodeClaims()
    /// What the caller wants to hear back of this passcode.
    public var metadata: PasscodeMetadata?
    /// The caller's own names for whoever asks, by the limit that counts them.
    public var limits: [String: String] = [:]
    /// The network of the person for whom a back end asks, IPv4 /24 or IPv6 /64, which the fraud guard watches; nil where
    /// the back end does not tell.
    public var askerNetwork: String?

    public init(
        identifier: String, contact: Contact, channel: Channel?, application: ApplicationName, idempotency: Idempotency?
    ) {
        self.identifier = identifier
        self.contact = contact
        self.channel = channel
        self.application = application
        self.idempotency = idempotency
    }
}

/// On whose behalf a passcode is sent or verified.
public struct PasscodeCaller: Sendable {
    public var workspace: Workspace
    public var mode: ChallengeMode
    public var origin: RequestOrigin
    /// The network of the socket's peer, as limits name it; nil over the Unix socket.
    public var network: String?
    /// True for a live key that names a test recipient: what it does is test, and only a fixed code counts.
    var triesFixedCodes = false

    public init(workspace: Workspace, mode: ChallengeMode, origin: RequestOrigin, network: String?) {
        self.workspace = workspace
        self.mode = mode
        self.origin = origin
        self.network = network
    }
}

/// What became of a send.
public struct Dispatch: Sendable {
    /// The challenge's identifier: of the live challenge where the code was sent again.
    public let identifier: String
    /// Only in test mode.
    public let testCode: TestCode?
    /// True where an earlier request with the same `Idempotency-Key` did the work.
    public let isReplay: Bool
    /// Seconds after the message until the code may be sent again; in a replay the same as in the first answer.
    public let resendAfter: Int
    /// As the request had it that the challenge was made for.
    public let metadata: PasscodeMetadata?
}
