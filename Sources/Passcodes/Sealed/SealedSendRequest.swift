import EnclaveLink
import Workspaces

/// A wish to send a sealed passcode, already in the domain's words.
public struct SealedSendRequest: Sendable {
    /// Who waits for the answer, and so what it may tell.
    public enum Asker: Equatable, Sendable {
        /// A back end with a key of its own: it waits for the provider, and learns why a send was refused.
        case backEnd
        /// A browser or an app: it is answered before the message goes out, and a send that was refused for the
        /// contact's sake is answered like any other, with a challenge that nobody can win.
        case visitor
    }

    /// A fresh identifier in the dialect's form; the challenge's name for its caller.
    public var identifier: String
    public var flow: SealedFlow
    public var purpose = PasscodePurpose.verification
    public var contact: Contact
    /// Nil for the contact's usual channel.
    public var channel: Channel?
    public var application: ApplicationName
    /// Nil for the workspace's setting.
    public var format: CodeFormat?
    /// Seconds, 1…600; nil for the workspace's setting.
    public var lifetime: Int?
    /// The caller's own name for whoever asks, such as a user of its application: 3 sends per 3 minutes.
    public var rateLimitKey: String?
    public var customization: MessageCustomization?
    public var idempotency: Idempotency?
    public var asker: Asker
    /// The network of the person for whom a back end asks; nil where it does not tell, and for a visitor, whose is known.
    public var askerNetwork: String?
    /// True where nobody is to get a message and the visitor who asks must not learn it.
    public var isForNobody = false

    public init(
        identifier: String, flow: SealedFlow, contact: Contact, channel: Channel?, application: ApplicationName,
        asker: Asker
    ) {
        self.identifier = identifier
        self.flow = flow
        self.contact = contact
        self.channel = channel
        self.application = application
        self.asker = asker
    }
}

/// What became of a sealed send.
public struct SealedDispatch: Sendable {
    public let identifier: String
    public let channel: Channel
    /// The signed target key, in the spelling of the flow.
    public let targetBundle: String
    /// Unix milliseconds.
    public let expiresAt: Int64
    /// Only in test mode.
    public let testCode: TestCode?
    /// True where an earlier request with the same `Idempotency-Key` did the work.
    public let isReplay: Bool
}
