import EnclaveLink
import Passcodes
import SealedPasscodes

extension LoginWish {
    /// A login whose message the verification token's key signed (`otp_login`).
    /// - Parameter lifetime: seconds; nil for the workspace's setting.
    init(otpLogin fields: WireObject, lifetime: Int?) throws(TurnkeyError) {
        try fields.checkProfile()
        self.init(
            token: try fields.verificationToken("verificationToken"), flow: .turnkey,
            proof: .message(try fields.clientSignature("clientSignature")),
            sessionKey: try fields.publicKey("publicKey"), lifetime: lifetime,
            invalidatesExisting: try fields.flag("invalidateExisting") ?? false, signsUp: false)
    }

    /// A login whose whole body the verification token's key signed (`stamp_login`).
    init(stampLogin fields: WireObject, stamp: Stamp, token: VerificationToken) throws(TurnkeyError) {
        try fields.checkProfile()
        self.init(
            token: token, flow: .turnkey, proof: .stampedBody(stamp.signed),
            sessionKey: try fields.publicKey("publicKey"), lifetime: try fields.sessionLifetime(),
            invalidatesExisting: try fields.flag("invalidateExisting") ?? false, signsUp: false)
    }
}

extension WireObject {
    /// Seconds that the caller wants a session to live; nil for the workspace's setting.
    func sessionLifetime() throws(TurnkeyError) -> Int? {
        try number("expirationSeconds", SignSession.lifetimes)
    }

    /// Seconds that the caller wants a verification token to live; nil for the workspace's setting.
    func tokenLifetime() throws(TurnkeyError) -> Int? {
        try number("expirationSeconds", VerificationTokenRequest.lifetimes)
    }

    /// Whoever asks for a session with fewer rights must not get one with all.
    fileprivate func checkProfile() throws(TurnkeyError) {
        guard isAbsent("sessionProfileId") else {
            throw .invalid(name("sessionProfileId"), "must be absent: there are no session profiles here")
        }
    }
}
