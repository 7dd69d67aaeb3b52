import EnclaveLink

/// One worker's connection to whichever receiver is next.
final class WebhookConnection: LaneWorker {
    /// Bytes of an answer that are read. Only its status counts.
    static let answerLimit = 16 * 1024

    private let connection: HTTPSConnection

    init(trusting authorities: TrustedAuthorities, descriptors: any DescriptorRequesting) throws(TransportError) {
        connection = try HTTPSConnection(
            for: .webhook, trusting: authorities, answerLimit: Self.answerLimit,
            descriptors: descriptors)
    }

    func run(_ webhook: SignedWebhook, until deadline: ContinuousClock.Instant) -> WebhookOutcome {
        do throws(HTTPSError) {
            return .answered(
                status: try connection.status(
                    of: webhook.request, to: webhook.address.destination, until: deadline))
        } catch {
            return .failed(WebhookFailure(error))
        }
    }
}

extension WebhookFailure {
    fileprivate init(_ error: HTTPSError) {
        switch error {
        case .refused: self = .addressRefused
        case .unreachable: self = .unreachable
        case .certificateRefused: self = .certificateRefused
        case .timedOut: self = .timedOut
        case .answerTooLong, .protocolBroken: self = .protocolBroken
        }
    }
}
