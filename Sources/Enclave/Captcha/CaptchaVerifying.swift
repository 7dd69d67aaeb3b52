import EnclaveLink

/// Finds out whether visitors solved their captchas.
protocol CaptchaVerifying: Sendable {
    /// Asks without blocking the caller; `completion` is called exactly once.
    func verify(_ request: VerifyCaptcha, completion: @escaping @Sendable (CaptchaOutcome) -> Void)
}

/// Stands where the settings name no captcha.
struct UnconfiguredCaptcha: CaptchaVerifying {
    func verify(_ request: VerifyCaptcha, completion: @escaping @Sendable (CaptchaOutcome) -> Void) {
        completion(.notConfigured)
    }
}
