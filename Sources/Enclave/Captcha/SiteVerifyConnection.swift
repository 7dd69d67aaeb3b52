import EnclaveLink

/// One worker's connection to the captcha's provider.
final class SiteVerifyConnection: LaneWorker {
    private static let headers = ["Content-Type: application/x-www-form-urlencoded", "Accept: application/json"]

    private let path: String
    private let connection: HTTPSConnection

    init(settings: CaptchaSettings, descriptors: any DescriptorRequesting) throws(TransportError) {
        path = settings.url.path
        connection = try HTTPSConnection(
            to: settings.url.destination, authorities: settings.certificateAuthorities, descriptors: descriptors)
    }

    func run(_ errand: CaptchaErrand, until deadline: ContinuousClock.Instant) -> CaptchaOutcome {
        let request = HTTPSRequest(path: path, headers: Self.headers, body: errand.form)
        guard let answer = try? connection.send(request, until: deadline) else { return .unavailable }
        return SiteVerifyAnswer(answer)?.outcome(hostnames: errand.widget.hostnames) ?? .unavailable
    }
}
