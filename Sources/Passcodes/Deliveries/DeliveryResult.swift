import EnclaveLink
import Storage

/// What became of a send's messages.
struct DeliveryResult: Sendable {
    private let tries: [DeliveryRun.Try]
    /// One for each message that was tried; where none was, the one that was to be the first, as failed. None where nothing
    /// was to go out.
    let deliveries: [Delivery]

    init(_ tries: [DeliveryRun.Try], of admission: Admission) {
        self.tries = tries
        guard var first = admission.delivery else {
            deliveries = []
            return
        }
        let number = first.attempt
        if tries.isEmpty {
            (first.state, first.reason, first.settledAt) = (.failed, Delivery.leftOut, first.startedAt)
            deliveries = [first]
        } else {
            deliveries = tries.enumerated().map {
                Delivery($0.element, number: number + $0.offset, of: admission.challenge)
            }
        }
    }

    /// The message that ended the send.
    var last: Delivery? { deliveries.last }

    /// Whether a message may be out that nobody took visibly.
    var mayHaveArrived: Bool { tries.last?.mayHaveArrived ?? false }

    /// Who did not take it and why, and who did, for the audit trail.
    var words: String {
        deliveries.map { delivery in
            delivery.state == .sent ? delivery.provider : "\(delivery.provider): \(delivery.reason)"
        }.joined(separator: ", ")
    }

    /// What the caller is told.
    func error(of challenge: Challenge) -> PasscodeError {
        switch tries.last?.outcome {
        case .failure(let error) where !mayHaveArrived: return PasscodeError(error)
        case .success(.failed(let failure)):
            if let fault = failure.reason.customizationFault { return .customizationRefused(fault) }
        case .success(.accepted), .failure, nil: break
        }
        return .deliveryFailed(words, FailedDelivery(passcode: challenge.id, mayHaveArrived: mayHaveArrived))
    }

    /// Writes the messages down: the first one stands there as under way. The others are numbered only now, since another
    /// send of the same code may have gone out meanwhile.
    /// - Returns: the message that ended the send, as it was written; nil if the first one is no longer under way: then
    ///   nothing is written.
    func store(in transaction: any Transaction) throws(StorageError) -> Delivery? {
        guard var last = deliveries.first, try last.settle(in: transaction) else { return nil }
        for var delivery in deliveries.dropFirst() {
            delivery.attempt =
                try Delivery.lastAttempt(
                    of: delivery.challenge, workspace: delivery.workspace, in: transaction) + 1
            try delivery.insert(in: transaction)
            last = delivery
        }
        return last
    }
}

extension DeliveryFailure.Reason {
    /// What the caller can mend itself; nil where the message did not get through for another reason.
    fileprivate var customizationFault: PasscodeError.CustomizationFault? {
        switch self {
        case .customizationRefused: .wording
        case .linkRefused: .link
        case .senderRefused: .sender
        case .unreachable, .certificateRefused, .authenticationRefused, .recipientRefused, .messageRefused, .timedOut,
            .busy, .inboxUnavailable, .protocolError, .challengeNotAlive, .rateLimited, .providerFailed,
            .answerMalformed:
            nil
        }
    }
}
