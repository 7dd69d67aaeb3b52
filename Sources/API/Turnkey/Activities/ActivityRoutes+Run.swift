import Crypto
import Encodings
import EnclaveLink
import Passcodes
import Workspaces

extension ActivityRoutes {
    /// Does what a back end asks for. The members of the result.
    func run(_ activity: ActivityRequest, _ fingerprint: [UInt8], for caller: PasscodeCaller) async throws -> [String:
        String]
    {
        let fields = activity.parameters
        switch activity.kind {
        case .initOTP: return try await initOTP(fields, fingerprint, for: caller)
        case .verifyOTP: return try await verifyOTP(fields, for: caller)
        case .otpLogin: return try await otpLogin(fields, for: caller)
        case .stampLogin:
            // The session is signed inside the enclave, and only for a verification token.
            throw TurnkeyError.malformedStamp("stamp_login needs X-Stamp-Attested with a verification token")
        }
    }

    private func initOTP(
        _ fields: WireObject, _ fingerprint: [UInt8], for caller: PasscodeCaller
    ) async throws -> [String: String] {
        let parameters = try InitParameters(fields, of: caller.workspace)
        var wish = SealedSendRequest(
            identifier: RandomIdentifier.uuid(at: rooms.clock.now()), flow: .turnkey, contact: parameters.contact,
            channel: parameters.channel, application: parameters.application, asker: .backEnd)
        wish.format = parameters.format
        wish.lifetime = parameters.lifetime
        wish.rateLimitKey = parameters.userIdentifier
        wish.customization = parameters.customization
        // Beyond this process's memory: no second message for one request. No `Idempotency-Key` has a space.
        let key = SHA256.hash(data: Array("activity \(Hexadecimal.encode(fingerprint))".utf8))
        wish.idempotency = Idempotency(key: Array(key), body: fingerprint)
        return try await rooms.challenges.sendSealed(wish, for: caller).turnkeyResult
    }

    private func verifyOTP(_ fields: WireObject, for caller: PasscodeCaller) async throws -> [String: String] {
        let attempt = try SealedAttemptRequest(verify: fields, tokenLifetime: try fields.tokenLifetime())
        return ["verificationToken": try await rooms.challenges.attemptSealed(attempt, for: caller).token.value]
    }

    private func otpLogin(_ fields: WireObject, for caller: PasscodeCaller) async throws -> [String: String] {
        guard !fields.isAbsent("clientSignature") else {
            throw TurnkeyError.legacy("clientSignature is missing. Use \(ActivityKind.otpLogin.type)")
        }
        let wish = try LoginWish(otpLogin: fields, lifetime: try fields.sessionLifetime())
        return ["session": try await rooms.sessions.logIn(wish, for: caller).token.value]
    }
}
