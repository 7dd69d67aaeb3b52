import EnclaveLink

/// One worker's connection to a provider of messages.
final class ProviderConnection: LaneWorker {
    private let settings: ProviderSettings
    private let connection: HTTPSConnection
    private let now: @Sendable () -> WallTime

    init(
        _ settings: ProviderSettings, trusting authorities: TrustedAuthorities, descriptors: any DescriptorRequesting,
        now: @escaping @Sendable () -> WallTime
    ) throws(TransportError) {
        self.settings = settings
        self.now = now
        connection = try HTTPSConnection(
            for: .provider, trusting: authorities, sending: .once, descriptors: descriptors)
    }

    func run(_ message: OutgoingMessage, until deadline: ContinuousClock.Instant) -> DeliveryOutcome {
        let provider = settings.provider
        guard provider.showsText || message.binding.isEmpty else { return .failed(.messageRefused, by: settings.name) }
        let provided = ProvidedMessage(message)
        let request = provider.request(for: provided, now: now())
        let answer: HTTPSAnswer
        do throws(HTTPSError) {
            answer = try connection.send(request, to: provider.address.destination, until: deadline)
        } catch {
            return .failed(
                DeliveryFailure(
                    provider: settings.name, reason: DeliveryFailure.Reason(error), providerStatus: 0,
                    mayHaveArrived: connection.hasSentRequest))
        }
        return provider.verdict(on: answer).outcome(of: settings.name, hiding: [provided.code.value, provided.digits])
    }
}

extension DeliveryFailure.Reason {
    fileprivate init(_ error: HTTPSError) {
        switch error {
        case .refused, .unreachable: self = .unreachable
        case .certificateRefused: self = .certificateRefused
        case .timedOut: self = .timedOut
        case .answerTooLong: self = .answerMalformed
        case .protocolBroken: self = .protocolError
        }
    }
}
