import Foundation

internal import Encodings
internal import JOSE
internal import SealedPasscodes

/// Sealed passcodes: the code is made, sent and compared inside the enclave, and comes back to it sealed. Needs a
/// credential and the pinned signer.
public struct Challenges: Sendable {
    let connection: Connection
    let trust: SignerTrust

    /// Sends a code, and checks that the enclave signed the key that the answer will be sealed to.
    ///
    /// An app is answered alike whether or not a message goes out: who has an account, and which sends are refused as
    /// fraud, is not told.
    /// - Parameters:
    ///   - contact: an E.164 number, or an e-mail address.
    ///   - application: the name that the message shows, for back ends only; nil for the workspace's.
    ///   - channel: nil for the contact's usual one.
    ///   - captcha: the token of a captcha that was solved, where the workspace asks for one.
    ///   - idempotencyKey: names this wish. The client makes one and keeps it over its retries.
    /// - Throws: `notConfigured`; `untrustedSigner`, `untrustedTarget` where the host is not to be trusted; `expired`;
    ///   `refused` with `tooManyInFlight`, `rateLimited`, `captchaRefused` and others; the network's errors.
    public func start(
        for contact: String, application: String? = nil, channel: Channel? = nil, captcha: String? = nil,
        idempotencyKey: String? = nil
    ) async throws(CountersignError) -> Challenge {
        try trust.requirePin(.signer)
        let wish = StartWish(contact: contact, channel: channel, app: application)
        let key = idempotencyKey ?? connection.surroundings.identifier()
        let response = try await connection.response(
            to: .idempotent("/v1/challenges", Wire.snakeCase.encode(wish), key: key).adding("X-Captcha-Token", captcha))
        let challenge = try Wire.snakeCase.decode(Challenge.self, from: response)
        _ = try await target(of: challenge)
        return challenge
    }

    /// Seals what the person typed, and tries it. Every try counts; three are allowed.
    ///
    /// Never sent again by itself once the server may have got it.
    /// - Parameter key: what the verification shall be bound to.
    /// - Throws: `untrustedSigner`, `untrustedTarget`, `expired`, before anything is sealed; `refused` with `invalidCode`
    ///   (and the attempts that remain), `tooManyAttempts`, `codeExpired`, `codeSpent`, `codeFromBeforeRestart`; the
    ///   network's errors.
    public func attempt(
        _ code: String, at challenge: Challenge, key: some ClientKey
    ) async throws(CountersignError) -> Verification {
        let content = AttemptContent(code: code, publicKey: key.publicKey.point)
        let target = try await target(of: challenge)
        guard let sealed = try? SealedAttempt.seal(content, to: target) else { throw .untrustedTarget() }
        let wish = AttemptWish(
            encapsulatedKey: Base64URL.encode(sealed.encapsulatedKey.uncompressed),
            ciphertext: Base64URL.encode(sealed.ciphertext))
        let path = "/v1/challenges/\(PathSegment.encode(challenge.id))/attempts"
        let response = try await connection.response(to: .once(path, Wire.snakeCase.encode(wish)))
        let answer = try Wire.snakeCase.decode(AttemptAnswer.self, from: response)
        return Verification(
            token: answer.verificationToken, expiresAt: answer.expiresAt, keyThumbprint: key.publicKey.thumbprint)
    }

    /// The target key, once the pinned key vouches for it.
    private func target(of challenge: Challenge) async throws(CountersignError) -> P256PublicKey {
        let now = Int64(connection.surroundings.now().timeIntervalSince1970 * 1000)
        let content = try await trust.verified(.signer) { (signer) throws(SealedPasscodeError) in
            try TargetToken(challenge.target, pinned: signer, challenge: challenge.id, now: now).content
        }
        if let workspace = connection.configuration.workspace, content.organization != workspace {
            throw .untrustedTarget()
        }
        return content.target
    }

    private struct StartWish: Encodable {
        var contact: String
        var channel: Channel?
        var app: String?
    }

    private struct AttemptWish: Encodable {
        var encapsulatedKey: String
        var ciphertext: String
    }

    private struct AttemptAnswer: Decodable {
        var verificationToken: Secret
        var expiresAt: Date
    }
}
