/// Sends a live challenge's code to the contact sealed in it: one try, over one channel, by one provider.
public struct DeliverChallenge: EnclaveRequest {
    public typealias Reply = DeliveryOutcome
    public static let kind = RequestKind.deliverChallenge

    public var challenge: SealedRecord
    /// One of those sealed in the challenge.
    public var channel: Channel
    /// The name of one that serves the channel, as `Greeting.providers(of:)` lists them.
    public var provider: String
    public var wording: MessageWording
    /// Milliseconds until the attempt is given up, waiting for a free worker included.
    public var deadline: Int
    /// A second more than the enclave has, so that its own answer arrives first.
    public var timeLimit: Int { min(max(deadline, 0), 600_000) + 1000 }

    public init(
        challenge: SealedRecord, channel: Channel, provider: String, wording: MessageWording, deadline: Int
    ) {
        self.challenge = challenge
        self.channel = channel
        self.provider = provider
        self.wording = wording
        self.deadline = deadline
    }
}

/// What a message may say besides the code.
public struct MessageWording: Equatable, Sendable {
    /// The application's name, shown in the message.
    public var application: String
    /// The domain of the origin-bound last line `@example.com #123456`, if the workspace names one.
    public var domain: String?
    public var codeInSubject: Bool
    /// Minutes shown as the code's remaining life, rounded.
    public var validMinutes: Int
    /// What the caller wants said otherwise; nil for the built-in wording.
    public var customization: MessageCustomization?
    /// The primary subtag of the language that it is written in, such as `de`. One that the enclave has no words in is
    /// taken for English.
    public var language: String
    /// The workspace's own text; nil for the built-in wording.
    public var template: OwnTemplate?

    public init(
        application: String, domain: String?, codeInSubject: Bool, validMinutes: Int,
        customization: MessageCustomization? = nil, language: String = "en", template: OwnTemplate? = nil
    ) {
        self.application = application
        self.domain = domain
        self.codeInSubject = codeInSubject
        self.validMinutes = validMinutes
        self.customization = customization
        self.language = language
        self.template = template
    }
}

public enum DeliveryOutcome: Equatable, Sendable {
    /// The provider (or the inbox) took the message. `message` is the provider's own name for it, by which its delivery
    /// reports know it: at most `messageLength` printable ASCII characters, empty where it gives none.
    case accepted(provider: String, message: String = "")
    case failed(DeliveryFailure)

    /// Characters of a provider's name for a message, at most.
    public static let messageLength = 128
}

public struct DeliveryFailure: Equatable, Sendable {
    public enum Reason: String, CaseIterable, Sendable {
        case unreachable, certificateRefused, authenticationRefused, recipientRefused, messageRefused, timedOut, busy
        case inboxUnavailable, protocolError
        /// The challenge was made before this enclave's boot, or is no longer alive.
        case challengeNotAlive
        /// What the caller wants said otherwise breaks a rule of `MessageCustomization`.
        case customizationRefused
        /// The caller's link is under no prefix of the enclave's own settings.
        case linkRefused
        /// The enclave's own settings allow no mail from, or replies to, the caller's address.
        case senderRefused
        /// The provider takes no more messages for now.
        case rateLimited
        /// The provider answered with a fault of its own.
        case providerFailed
        /// The answer is none of the provider's API: a redirect, too much, or something else altogether.
        case answerMalformed
    }
    public var provider: String
    public var reason: Reason
    /// The provider's own status code (SMTP reply, HTTP status), 0 if there was none.
    public var providerStatus: Int
    /// True if the whole message was handed over, so that it may arrive although no acceptance was seen.
    public var mayHaveArrived: Bool

    public init(provider: String, reason: Reason, providerStatus: Int, mayHaveArrived: Bool) {
        self.provider = provider
        self.reason = reason
        self.providerStatus = providerStatus
        self.mayHaveArrived = mayHaveArrived
    }
}
