import Foundation

extension AuthProxy {
    /// A user that a sign-up made.
    public struct User: Sendable, Hashable, Codable {
        public let organization: String
        public let id: String

        enum CodingKeys: String, CodingKey {
            case organization = "organizationId"
            case id = "userId"
        }
    }

    /// Makes a user of the contact that was verified. Uses the verification's one sign-up up; a login may follow with the
    /// same verification.
    /// - Throws: `wrongKey`; `refused`, also where somebody signed up with this contact before; the network's errors.
    public func signUp(
        _ contact: String, name: String? = nil, _ verification: ProxyVerification, key: some ClientKey,
        captcha: String? = nil
    ) async throws(CountersignError) -> User {
        let content = SignUpContent(contact: contact)
        let usage = SignUpUsage(signupV2: content, tokenId: verification.tokenIdentifier)
        let wish = SignUpWish(
            userEmail: content.email, userPhoneNumber: content.phoneNumber, userName: name,
            verificationToken: verification.token,
            clientSignature: try await ClientSignature(usage, verification, key))
        return try await post("/v1/signup_v2", wish, captcha: captcha)
    }

    /// Opens a session for `sessionKey`. Uses the verification's one login up.
    /// - Parameters:
    ///   - key: the one that the code was sealed with.
    ///   - sessionKey: the one that will stamp the session's requests; it may be `key` itself.
    ///   - endsOthers: ends the user's other sessions.
    /// - Throws: `wrongKey`; `untrustedToken` and `untrustedSigner` for a session that the pinned notary did not sign for
    ///   this key; `refused`; the network's errors.
    public func logIn(
        _ verification: ProxyVerification, key: some ClientKey, sessionKey: some ClientKey, endsOthers: Bool = false
    ) async throws(CountersignError) -> ProxySession {
        try trust.requirePin(.notary)
        let publicKey = sessionKey.publicKey.compressedHexadecimal
        let usage = LoginUsage(login: .init(publicKey: publicKey), tokenId: verification.tokenIdentifier)
        let wish = LoginWish(
            verificationToken: verification.token, publicKey: publicKey,
            clientSignature: try await ClientSignature(usage, verification, key),
            invalidateExisting: endsOthers ? true : nil)
        let answer: LoginAnswer = try await post("/v1/otp_login_v2", wish)
        return try await session(answer.session, sessionKey.publicKey)
    }

    private struct SignUpWish: Encodable {
        var apiKeys: [String] = []
        var authenticators: [String] = []
        var oauthProviders: [String] = []
        var userEmail: String?
        var userPhoneNumber: String?
        var userName: String?
        var verificationToken: Secret
        var clientSignature: ClientSignature
    }

    private struct LoginWish: Encodable {
        var verificationToken: Secret
        var publicKey: String
        var clientSignature: ClientSignature
        var invalidateExisting: Bool?
    }

    private struct LoginAnswer: Decodable {
        var session: Secret
    }
}
