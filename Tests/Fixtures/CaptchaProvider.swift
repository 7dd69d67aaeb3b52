import EnclaveLink
import Synchronization

/// The captcha provider of an installation: one token is good, unless a test decides otherwise.
public final class CaptchaProvider: Sendable {
    public static let goodToken = "a-solved-captcha"
    private let outcome = Mutex<CaptchaOutcome?>(nil)
    private let asked = Mutex<[VerifyCaptcha]>([])

    /// What it was asked, oldest first.
    public var requests: [VerifyCaptcha] { asked.withLock { $0 } }

    /// What every token gets from now on.
    public func answer(_ next: CaptchaOutcome) { outcome.withLock { $0 = next } }

    func verify(_ request: VerifyCaptcha) -> CaptchaOutcome {
        asked.withLock { $0.append(request) }
        return outcome.withLock { $0 } ?? (request.token.value == Self.goodToken ? .passed : .refused)
    }
}
