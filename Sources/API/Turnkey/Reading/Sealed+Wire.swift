import Passcodes

extension SealedAttemptRequest {
    /// Reads an attempt. One in the clear is refused: it is of another generation, and was seen on its way.
    init(verify fields: WireObject, tokenLifetime: Int?) throws(TurnkeyError) {
        guard fields.isAbsent("otpCode") else {
            throw .legacy(
                "a plaintext otpCode is not accepted. Use \(ActivityKind.verifyOTP.type) with encryptedOtpBundle")
        }
        self.init(
            challenge: try fields.text("otpId", lengths: 1...64), flow: .turnkey,
            attempt: try fields.attempt("encryptedOtpBundle"), tokenLifetime: tokenLifetime)
    }
}

extension SealedDispatch {
    /// What a client needs to try the code.
    var turnkeyResult: [String: String] {
        ["otpId": identifier, "otpEncryptionTargetBundle": targetBundle]
    }
}
