import EnclaveLink
import Synchronization

/// The captcha provider of an installation: takes one token for good unless a test wants it to say something else, and
/// remembers what it was asked.
public final class CaptchaProvider: Sendable {
    public static let goodToken = "a-solved-captcha"
    private let outcome = Mutex<CaptchaOutcome?>(nil)
    private let asked = Mutex<[VerifyCaptcha]>([])

    public var questions: [VerifyCaptcha] { asked.withLock { $0 } }

    public func answer(_ next: CaptchaOutcome) { outcome.withLock { $0 = next } }

    func verify(_ question: VerifyCaptcha) -> CaptchaOutcome {
        asked.withLock { $0.append(question) }
        return outcome.withLock { $0 } ?? (question.token.value == Self.goodToken ? .passed : .refused)
    }
}
