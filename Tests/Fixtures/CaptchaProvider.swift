import EnclaveLink
import Synchronization

/// The captcha provider of an installation: says what a test wants it to say, and remembers what it was asked.
public final class CaptchaProvider: Sendable {
    private let outcome = Mutex<CaptchaOutcome>(.notConfigured)
    private let asked = Mutex<[VerifyCaptcha]>([])

    /// What it was asked, oldest first.
    public var questions: [VerifyCaptcha] { asked.withLock { $0 } }

    /// What every token gets from now on.
    public func answer(_ next: CaptchaOutcome) { outcome.withLock { $0 = next } }

    func verify(_ question: VerifyCaptcha) -> CaptchaOutcome {
        asked.withLock { $0.append(question) }
        return outcome.withLock { $0 }
    }
}
