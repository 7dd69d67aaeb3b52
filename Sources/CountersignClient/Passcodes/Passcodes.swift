/// Passcodes from server to server (the OTP Edge dialect). Needs a secret key.
public struct Passcodes: Sendable {
    let connection: Connection

    /// A message that is on its way.
    public struct Sent: Sendable, Hashable {
        /// Names the send: `oe_…`.
        public let identifier: String
        /// Only with a test key, which sends no message.
        public let testCode: Secret?
    }

    /// Sends a code.
    /// - Parameters:
    ///   - contact: an E.164 number, or an e-mail address.
    ///   - application: the name that the message shows; 1 to 64 characters.
    ///   - channel: nil for the contact's usual one.
    ///   - idempotencyKey: names this wish. The client makes one and keeps it over its retries; pass your own to repeat a
    ///     send after a restart without a second message.
    /// - Throws: `refused` with `spamCooldown`, `rateLimited`, `quotaExceeded`, `invalidPhoneNumber`, `invalidEmail`,
    ///   `deliveryFailed` and others; the network's errors.
    public func send(
        to contact: String, application: String, channel: Channel? = nil, idempotencyKey: String? = nil
    ) async throws(CountersignError) -> Sent {
        let wish = SendWish(to: contact, app: application, channel: channel)
        let key = idempotencyKey ?? connection.surroundings.identifier()
        let response = try await connection.response(
            to: .idempotent("/api/v1/send-otp", Wire.snakeCase.encode(wish), key: key))
        let answer = try Wire.snakeCase.decode(SendAnswer.self, from: response)
        return Sent(identifier: answer.reqId, testCode: answer.code)
    }

    /// Verifies what the person typed: an identity token, once. ``IdentityTokens`` reads it.
    ///
    /// Never sent again by itself once the server may have got it: every try counts.
    /// - Throws: `refused` with `invalidCode` (and the attempts that remain), `codeExpired`, `tooManyAttempts`,
    ///   `codeFromBeforeRestart` and others; the network's errors.
    public func verify(_ code: String, from contact: String) async throws(CountersignError) -> Secret {
        let wish = VerifyWish(phoneNumber: contact, code: code)
        let response = try await connection.response(to: .once("/api/v1/verify-otp", Wire.snakeCase.encode(wish)))
        return try Wire.snakeCase.decode(VerifyAnswer.self, from: response).identityToken
    }

    private struct SendWish: Encodable {
        var to: String
        var app: String
        var channel: Channel?
    }

    private struct SendAnswer: Decodable {
        var reqId: String
        var code: Secret?
    }

    private struct VerifyWish: Encodable {
        var phoneNumber: String
        var code: String
    }

    private struct VerifyAnswer: Decodable {
        var identityToken: Secret
    }
}
