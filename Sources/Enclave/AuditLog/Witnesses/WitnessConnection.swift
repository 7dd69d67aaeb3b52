import EnclaveLink
import TransparencyLog

/// The one connection to a witness.
final class WitnessConnection: LaneWorker {
    /// Bytes of an answer, headers included: some signature lines, or a size.
    static let answerLimit = 16 * 1024
    private static let headers = ["Content-Type: text/plain; charset=utf-8"]

    private let url: HTTPSAddress
    private let connection: HTTPSConnection

    init(_ settings: WitnessSettings, descriptors: any DescriptorRequesting) throws(TransportError) {
        url = settings.url
        connection = try HTTPSConnection(
            for: .provider, trusting: TrustedAuthorities(settings.certificateAuthorities),
            answerLimit: Self.answerLimit, descriptors: descriptors)
    }

    func run(_ errand: WitnessErrand, until deadline: ContinuousClock.Instant) -> WitnessAnswer {
        let request = HTTPSRequest(path: url.path, headers: Self.headers, body: Array(errand.request.encoded.utf8))
        let answer: HTTPSAnswer
        do throws(HTTPSError) {
            answer = try connection.send(request, to: url.destination, until: deadline)
        } catch {
            return .failure(WitnessFailure(error))
        }
        do {
            return .success(
                try AddCheckpointAnswer(
                    status: answer.status, contentType: answer.contentType, body: answer.body))
        } catch {
            return .failure(.badAnswer)
        }
    }
}

extension WitnessFailure {
    fileprivate init(_ error: HTTPSError) {
        switch error {
        case .refused, .unreachable: self = .unreachable
        case .certificateRefused: self = .certificateRefused
        case .timedOut: self = .timedOut
        case .answerTooLong, .protocolBroken: self = .badAnswer
        }
    }
}
