import EnclaveLink
import Testing

@testable import Enclave

extension CaptchaSettings {
    /// For the workspace `ws_1`, with a captcha that counts on `app.example.com` alone.
    static func example(
        port: UInt16, host: String = "localhost", hostnames: Set<String> = ["app.example.com"], connections: Int = 1
    ) throws -> CaptchaSettings {
        CaptchaSettings(
            url: try #require(HTTPSAddress("https://\(host):\(port)/turnstile/v0/siteverify")),
            certificateAuthorities: try TestCertificates.shared.get().authority(),
            widgets: ["ws_1": CaptchaWidget(secret: CaptchaServer.secret, hostnames: hostnames)],
            connections: connections)
    }
}

extension CaptchaVerifier {
    static func example(
        _ settings: CaptchaSettings, host: LoopbackHost, queueCapacity: Int = queueCapacity
    ) throws -> CaptchaVerifier {
        Courier.warmUp()
        return try CaptchaVerifier(settings: settings, descriptors: host, queueCapacity: queueCapacity)
    }

    func verify(
        _ token: String = "solved", address: String? = "203.0.113.7", workspace: String = "ws_1",
        within milliseconds: Int = 5000
    ) async -> CaptchaOutcome {
        let request = VerifyCaptcha(
            workspace: workspace, token: CaptchaToken(token), address: address, deadline: milliseconds)
        return await withCheckedContinuation { continuation in
            verify(request) { outcome in UnfilteredThread.run { continuation.resume(returning: outcome) } }
        }
    }
}
