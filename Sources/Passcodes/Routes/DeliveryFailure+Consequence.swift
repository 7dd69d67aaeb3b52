import EnclaveLink

/// What a send does after a provider did not take its message.
enum FailureConsequence: Equatable, Sendable {
    /// The same provider may take it the next time.
    case tryAgain
    case nextProvider
    /// No provider of this channel reaches the person.
    case nextChannel
    /// Nobody can do better, or a second message might be one too many.
    case end
}

extension DeliveryFailure {
    /// No provider recognises a message that it had before: whatever may have arrived ends the send, so that nobody gets
    /// two messages for one.
    var consequence: FailureConsequence { mayHaveArrived ? .end : reason.consequence }

    var healthSign: ProviderHealthSign {
        switch reason {
        case .unreachable, .certificateRefused, .authenticationRefused, .timedOut, .protocolError, .rateLimited,
            .providerFailed, .answerMalformed:
            .broken
        // Busy is our own queue, which a provider that hangs fills. A refusal says nothing either way: some are ours, before
        // the provider is asked.
        case .recipientRefused, .messageRefused, .busy, .inboxUnavailable, .challengeNotAlive, .customizationRefused,
            .linkRefused, .senderRefused:
            .none
        }
    }
}

/// What the end of a delivery says of its provider.
enum ProviderHealthSign: Equatable, Sendable {
    /// The provider is broken, rather than this message or its recipient.
    case broken
    case working
    /// It says nothing of the provider.
    case none
}

extension DeliveryFailure.Reason {
    fileprivate var consequence: FailureConsequence {
        switch self {
        case .unreachable, .timedOut, .protocolError, .providerFailed: .tryAgain
        case .busy, .certificateRefused, .authenticationRefused, .messageRefused, .inboxUnavailable, .rateLimited,
            .answerMalformed:
            .nextProvider
        case .recipientRefused: .nextChannel
        case .challengeNotAlive, .customizationRefused, .linkRefused, .senderRefused: .end
        }
    }
}
