import EnclaveLink

/// Asks a test instead of a provider whether a captcha was solved.
struct AnsweringCaptcha: CaptchaVerifying {
    let answer: InProcessEnclave.VerifyingCaptcha

    func verify(_ request: VerifyCaptcha, completion: @escaping @Sendable (CaptchaOutcome) -> Void) {
        Task { completion(await answer(request)) }
    }
}
