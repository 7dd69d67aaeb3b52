import EnclaveLink
import Encodings

/// Asks the captcha's provider about visitors' tokens, in the background and in a lane of its own.
final class CaptchaVerifier: CaptchaVerifying {
    /// Questions that may wait for a connection.
    static let queueCapacity = 256

    private let widgets: [String: CaptchaWidget]
    private let lane: Lane<CaptchaErrand, CaptchaOutcome>
    private let randomness: any RandomSource

    /// - Parameter descriptors: the host, which opens streams.
    /// - Throws: ``TransportError``; nothing runs then.
    init(
        settings: CaptchaSettings, descriptors: any DescriptorRequesting, queueCapacity: Int = queueCapacity,
        randomness: any RandomSource = SystemRandomness()
    ) throws(TransportError) {
        let authorities = try TrustedAuthorities(settings.certificateAuthorities)
        var connections: [SiteVerifyConnection] = []
        for _ in 0..<settings.connections {
            connections.append(
                try SiteVerifyConnection(to: settings.url, trusting: authorities, descriptors: descriptors))
        }
        widgets = settings.widgets
        lane = try Lane(
            CaptchaSettings.providerName, capacity: queueCapacity, workers: connections,
            refusals: .init(busy: .unavailable, late: .unavailable))
        self.randomness = randomness
    }

    func verify(_ request: VerifyCaptcha, completion: @escaping @Sendable (CaptchaOutcome) -> Void) {
        guard let widget = widgets[request.workspace] else { return completion(.notConfigured) }
        // Not asked about: a provider that stumbles over it would look like one that is down.
        guard request.token.isWellFormed else { return completion(.refused) }
        let errand = CaptchaErrand(
            widget: widget, token: request.token,
            address: request.address.flatMap { HostName.isAddress($0) ? $0 : nil },
            idempotencyKey: UUIDText.random(from: randomness))
        lane.accept(errand, deadline: .now + .milliseconds(request.deadline), completion: completion)
    }
}

extension CaptchaToken {
    /// What every widget's tokens are: printable ASCII without spaces, not too long.
    fileprivate var isWellFormed: Bool {
        1...Self.maximumLength ~= value.utf8.count && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
