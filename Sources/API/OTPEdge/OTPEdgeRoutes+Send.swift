import EnclaveLink
import HTTPServer
import Messages
import Passcodes
import Workspaces

extension OTPEdgeRoutes {
    private struct SendBody: PlainBody {
        static let fields = ["to", "app", "channel", "template", "locale", "purpose", "client_ip"] + objects
        /// What is no text, and so read apart.
        static let objects = ["binding", "metadata", "limits"]

        var to: String
        var app: String
        var channel: String?
        var template: String?
        var locale: String?
        var purpose: String?
        var clientIP: String?

        enum CodingKeys: String, CodingKey {
            case to, app, channel, template, locale, purpose
            case clientIP = "client_ip"
        }

        init?(plain values: [String?]) {
            guard let to = values[0], let app = values[1], values[7...].allSatisfy({ $0 == nil }) else { return nil }
            self.to = to
            self.app = app
            channel = values[2]
            template = values[3]
            locale = values[4]
            purpose = values[5]
            clientIP = values[6]
        }
    }

    /// `POST /api/v1/send-otp`
    func sendOTP(_ request: Request) async throws -> Response {
        let caller = try await rooms.identify(request, for: .send).passcodeCaller(of: request)
        let wish = try Self.sendRequest(request, caller.mode)
        let dispatch = try await rooms.challenges.send(wish, for: caller)
        var response = Self.answer(dispatch)
        if dispatch.isReplay { response.headers["Idempotency-Replayed"] = "true" }
        return response
    }

    private static func answer(_ dispatch: Dispatch) -> Response {
        var answer = JSONObjectText()
        // Only with a test key.
        answer.add("code", dispatch.testCode?.value)
        answer.add("metadata", json: dispatch.metadata?.text)
        answer.add("req_id", dispatch.identifier)
        answer.add("resend_after", dispatch.resendAfter)
        answer.add("status", "dispatched")
        answer.add("success", true)
        var response = Response.json(answer)
        // The cool-down once more, where clients that know only HTTP look for it (RFC 9110 §10.2.3).
        if dispatch.resendAfter > 0 { response.headers["Retry-After"] = String(dispatch.resendAfter) }
        return response
    }

    private static func sendRequest(_ request: Request, _ mode: ChallengeMode) throws -> SendRequest {
        let body = try FieldNames.decode(SendBody.self, from: request)
        guard let application = ApplicationName(body.app) else {
            throw OTPEdgeError.invalidField("app", "The name must have 1 to 64 visible characters.")
        }
        let objects = try ObjectMembers(SendBody.objects, of: request)
        var wish = SendRequest(
            identifier: "oe_" + RandomIdentifier.hexadecimal(length: 12), contact: try Contact(body.to),
            channel: try body.channel.map(channel), application: application,
            idempotency: try request.idempotency(realm: mode.realm))
        wish.locale = try body.locale.map(locale)
        wish.template = try body.template.map(template)
        wish.claims = try PasscodeClaims(purpose: body.purpose, binding: objects["binding"])
        wish.metadata = try objects["metadata"].map(PasscodeMetadata.init)
        wish.limits = try objects.texts("limits")
        wish.askerNetwork = try body.clientIP.map(network)
        return wish
    }

    private static func channel(_ name: String) throws -> Channel {
        guard let channel = Channel(rawValue: name) else { throw PasscodeError.invalidChannel() }
        return channel
    }

    private static func locale(_ text: String) throws -> LanguageTag {
        guard let tag = LanguageTag(text) else {
            throw OTPEdgeError.invalidField("locale", "The locale must be a language tag such as de or pt-BR.")
        }
        return tag
    }

    /// Of an address nothing is kept but its network.
    private static func network(of address: String) throws -> String {
        guard let network = SocketNetwork.network(of: address) else {
            throw OTPEdgeError.invalidField(
                "client_ip", "The address must be one of IPv4 or IPv6, such as 192.0.2.7 or 2001:db8::7.")
        }
        return network
    }

    private static func template(_ name: String) throws -> String {
        guard TemplateName.isValid(name) else { throw PasscodeError.templateUnknown() }
        return name
    }
}
