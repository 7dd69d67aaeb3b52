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

    /// Whether the provider is broken, rather than this message or its recipient.
    var isProviderFault: Bool {
        switch reason {
        case .unreachable, .certificateRefused, .authenticationRefused, .timedOut, .protocolError, .rateLimited,
            .providerFailed, .answerMalformed:
            true
        // Busy is our own queue: a burst of sends says nothing of whom they are for.
        case .busy, .recipientRefused, .messageRefused, .inboxUnavailable, .challengeNotAlive, .customizationRefused,
            .linkRefused, .senderRefused:
            false
        }
    }
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
