import EnclaveLink

/// Asks a captcha provider.
protocol CaptchaVerifying: Sendable {
    /// Asks without blocking the caller; `completion` is called exactly once.
    func verify(_ request: VerifyCaptcha, completion: @escaping @Sendable (CaptchaOutcome) -> Void)
}

/// An enclave without a captcha provider.
struct NoCaptchaProvider: CaptchaVerifying {
    func verify(_ request: VerifyCaptcha, completion: @escaping @Sendable (CaptchaOutcome) -> Void) {
        completion(.notConfigured)
    }
}
