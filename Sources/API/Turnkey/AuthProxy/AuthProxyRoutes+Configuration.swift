import EnclaveLink
import HTTPServer
import Workspaces

extension AuthProxyRoutes {
    /// What a client has to know of the workspace before it asks for a code. Numbers are texts, as its clients want them.
    private struct Configuration: Encodable {
        var enabledProviders = ["email", "sms"]
        var sessionExpirationSeconds: String
        var organizationId: String
        var otpAlphanumeric: Bool
        var otpLength: String

        init(_ visitor: Visitor) {
            let settings = visitor.workspace.settings
            sessionExpirationSeconds = String(settings.sessionLifetime(asked: nil))
            organizationId = visitor.organization
            // A sandbox's one code is 000000, whatever the settings say.
            otpAlphanumeric = !settings.sandbox && settings.sealedCodeAlphabet == .base32
            otpLength = settings.sandbox ? "6" : String(settings.sealedCodeLength)
        }
    }

    private struct ClientParameters: Encodable {
        /// The captcha widget's public key; absent where no captcha is asked for.
        var turnstileSiteKey: String?
    }

    /// `wallet_kit_config`
    @Sendable func configuration(_ fields: WireObject, _ request: Request, _ visitor: Visitor) throws -> Response {
        try Response.json(Configuration(visitor))
    }

    /// `wallet_kit_client_params`
    @Sendable func clientParameters(_ fields: WireObject, _ request: Request, _ visitor: Visitor) throws -> Response {
        let settings = visitor.workspace.settings
        return try Response.json(
            ClientParameters(turnstileSiteKey: settings.captcha == .required ? settings.captchaSiteKey : nil))
    }
}
