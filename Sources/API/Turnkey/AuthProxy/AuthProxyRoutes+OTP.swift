import HTTPServer
import Passcodes
import Workspaces

extension AuthProxyRoutes {
    /// `otp_init_v2`
    @Sendable func initOTP(_ fields: WireObject, _ request: Request, _ visitor: Visitor) async throws -> Response {
        let channel = try fields.channel("otpType")
        let contact = try fields.contact("contact")
        try fields.optionalObject("emailCustomization")?.checkTemplate()
        try await rooms.checkCaptcha(request, visitor)
        // Strangers choose no words in messages to strangers: the application is the workspace.
        let wish = SealedSendRequest(
            identifier: RandomIdentifier.uuid(at: rooms.clock.now()), flow: .turnkey, contact: contact,
            channel: channel,
            application: ApplicationName(of: visitor.workspace), asker: .visitor)
        return try Response.json(try await rooms.challenges.sendSealed(wish, for: visitor.caller).turnkeyResult)
    }

    /// `otp_verify_v2`
    @Sendable func verifyOTP(_ fields: WireObject, _ request: Request, _ visitor: Visitor) async throws -> Response {
        let attempt = try SealedAttemptRequest(verify: fields, tokenLifetime: nil)
        let verification = try await rooms.challenges.attemptSealed(attempt, for: visitor.caller)
        return try Response.json(["verificationToken": verification.token.value])
    }

    /// `otp_login_v2`
    @Sendable func otpLogin(_ fields: WireObject, _ request: Request, _ visitor: Visitor) async throws -> Response {
        try fields.check(organization: visitor.organization)
        let wish = try LoginWish(otpLogin: fields, lifetime: nil)
        let opened = try await rooms.sessions.logIn(wish, for: visitor.caller)
        return try Response.json(["session": opened.token.value])
    }
}

extension WireObject {
    /// Checks an `organizationId` that need not be there.
    fileprivate func check(organization: String) throws(TurnkeyError) {
        guard let named = try optionalText("organizationId", lengths: 1...64) else { return }
        guard named.lowercased() == organization else {
            throw .invalid(name("organizationId"), "is not the organization of X-Auth-Proxy-Config-Id")
        }
    }
}
