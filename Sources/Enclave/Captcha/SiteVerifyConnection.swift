import EnclaveLink

/// One worker's connection to the captcha's provider.
final class SiteVerifyConnection: LaneWorker {
    private static let headers = ["Content-Type: application/x-www-form-urlencoded", "Accept: application/json"]

    private let url: HTTPSAddress
    private let connection: HTTPSConnection

    init(
        to url: HTTPSAddress, trusting authorities: TrustedAuthorities, descriptors: any DescriptorRequesting
    ) throws(TransportError) {
        self.url = url
        connection = try HTTPSConnection(
            for: .provider, trusting: authorities, descriptors: descriptors)
    }

    func run(_ errand: CaptchaErrand, until deadline: ContinuousClock.Instant) -> CaptchaOutcome {
        let request = HTTPSRequest(path: url.path, headers: Self.headers, body: errand.form)
        guard let answer = try? connection.send(request, to: url.destination, until: deadline) else {
            return .unavailable
        }
        return SiteVerifyAnswer(answer)?.outcome(hostnames: errand.widget.hostnames) ?? .unavailable
    }
}
