import Foundation

internal import SealedPasscodes

/// The auth proxy of the Turnkey dialect, for an app with the workspace's public configuration. Needs
/// `Credential.configuration` and the pinned signer; logging in needs the pinned notary.
public struct AuthProxy: Sendable {
    let connection: Connection
    let trust: SignerTrust

    /// A code that is on its way to a person. May be encoded and kept: its bundle is checked each time a code is sealed.
    public struct Challenge: Sendable, Hashable, Codable {
        public let id: String
        let bundle: String
    }

    /// Sends a code, and checks that the enclave signed the key that the answer will be sealed to.
    /// - Parameters:
    ///   - contact: an E.164 number, or an e-mail address.
    ///   - channel: `email`, `sms` or `whatsapp`; nil for `email` to an address and `sms` to a number.
    ///   - captcha: the token of a captcha that was solved, where the workspace asks for one.
    /// - Throws: `notConfigured`; `untrustedSigner`, `untrustedTarget`, `expired`; `refused`; the network's errors.
    public func initOTP(
        to contact: String, channel: Channel? = nil, captcha: String? = nil
    ) async throws(CountersignError) -> Challenge {
        try trust.requirePin(.signer)
        let channel = channel ?? (contact.contains("@") ? .email : .sms)
        let wish = InitWish(otpType: "OTP_TYPE_\(channel.rawValue.uppercased())", contact: contact)
        let answer: InitAnswer = try await post("/v1/otp_init_v2", wish, captcha: captcha)
        let challenge = Challenge(id: answer.otpId, bundle: answer.otpEncryptionTargetBundle)
        _ = try await target(of: challenge)
        return challenge
    }

    /// Seals what the person typed, and tries it. Every try counts; three are allowed.
    /// - Throws: `untrustedSigner`, `untrustedTarget`, `expired`, before anything is sealed; `untrustedToken`; `refused`
    ///   with the attempts that remain; the network's errors.
    public func verifyOTP(
        _ code: String, at challenge: Challenge, key: some ClientKey
    ) async throws(CountersignError) -> ProxyVerification {
        let content = AttemptContent(code: code, publicKey: key.publicKey.point)
        let target = try await target(of: challenge)
        guard let sealed = try? SealedAttempt.seal(content, to: target) else { throw .untrustedTarget() }
        let wish = VerifyWish(otpId: challenge.id, encryptedOtpBundle: sealed.bundle)
        let answer: VerifyAnswer = try await post("/v1/otp_verify_v2", wish)
        return try await verification(answer.verificationToken, key)
    }

    /// The organization whose user holds a contact that was verified; nil where nobody does. Uses the verification's one
    /// look-up up.
    /// - Throws: `refused`; the network's errors.
    public func account(
        of contact: String, _ verification: ProxyVerification
    ) async throws(CountersignError) -> String? {
        let wish = AccountWish(
            filterType: contact.contains("@") ? "EMAIL" : "PHONE_NUMBER", filterValue: contact,
            verificationToken: verification.token)
        let answer: AccountAnswer = try await post("/v1/account", wish)
        return answer.organizationId.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Sends once; no request of this API may come twice.
    func post<Answer: Decodable>(
        _ path: String, _ wish: some Encodable, captcha: String? = nil
    ) async throws(CountersignError) -> Answer {
        guard case .configuration(let identifier) = connection.configuration.credential?.kind else {
            throw .notConfigured("Credential.configuration")
        }
        var call = Call.once(path, Wire.camelCase.encode(wish))
        call.isAuthenticated = false
        call = call.adding("X-Auth-Proxy-Config-Id", identifier).adding("X-Captcha-Token", captcha)
        return try Wire.camelCase.decode(from: try await connection.response(to: call))
    }

    /// The target key, once the pinned key vouches for it.
    private func target(of challenge: Challenge) async throws(CountersignError) -> P256PublicKey {
        let now = Int64(connection.surroundings.now().timeIntervalSince1970 * 1000)
        return try await trust.verified(.signer) { (signer) throws(SealedPasscodeError) in
            try TargetBundle(text: challenge.bundle).verified(pinned: signer, challenge: challenge.id, now: now).target
        }
    }

    private struct InitWish: Encodable {
        var otpType: String
        var contact: String
    }

    private struct InitAnswer: Decodable {
        var otpId: String
        var otpEncryptionTargetBundle: String
    }

    private struct VerifyWish: Encodable {
        var otpId: String
        var encryptedOtpBundle: String
    }

    private struct VerifyAnswer: Decodable {
        var verificationToken: Secret
    }

    private struct AccountWish: Encodable {
        var filterType: String
        var filterValue: String
        var verificationToken: Secret
    }

    private struct AccountAnswer: Decodable {
        var organizationId: String?
    }
}
