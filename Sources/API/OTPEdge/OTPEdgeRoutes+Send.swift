import Crypto
import EnclaveLink
import HTTPServer
import Passcodes
import Workspaces

extension OTPEdgeRoutes {
    private struct SendBody: Decodable {
        static let fields = ["to", "app", "channel", "template"]

        var to: String
        var app: String
        var channel: String?
        var template: String?
    }

    private struct SendAnswer: Encodable {
        var success = true
        var reqID: String
        var status = "dispatched"
        /// Only with a test key.
        var code: String?

        enum CodingKeys: String, CodingKey {
            case success
            case reqID = "req_id"
            case status, code
        }
    }

    /// `POST /api/v1/send-otp`
    func sendOTP(_ request: Request) async throws -> Response {
        let identity = try await rooms.identify(request)
        let mode = try identity.mode(of: request)
        let wish = try Self.sendRequest(request)
        let caller = PasscodeCaller(
            workspace: identity.workspace, mode: mode, origin: identity.origin, network: identity.network)
        let dispatch = try await rooms.challenges.send(wish, for: caller)
        var response = try Response.json(
            SendAnswer(reqID: dispatch.identifier, code: dispatch.testCode?.value))
        if dispatch.isReplay { response.headers["Idempotency-Replayed"] = "true" }
        return response
    }

    private static func sendRequest(_ request: Request) throws -> SendRequest {
        let body = try FieldNames.decode(SendBody.self, from: request, known: SendBody.fields)
        guard let application = ApplicationName(body.app) else {
            throw OTPEdgeError.invalidField("app", "The name must have 1 to 64 visible characters.")
        }
        if let template = body.template, template != "default" {
            throw OTPEdgeError(.badRequest, "MISSING_TEMPLATE", "There is no such template.")
        }
        return SendRequest(
            identifier: "oe_" + RandomIdentifier.hexadecimal(length: 12), contact: try Contact(body.to),
            channel: try body.channel.map(channel), application: application,
            idempotency: try idempotency(request))
    }

    private static func channel(_ name: String) throws -> Channel {
        guard let channel = Channel(rawValue: name) else { throw PasscodeError.invalidChannel() }
        return channel
    }

    /// draft-ietf-httpapi-idempotency-key-header: the key names this request among all of its workspace.
    private static func idempotency(_ request: Request) throws -> Idempotency? {
        let values = request.headers.values("Idempotency-Key")
        guard let key = values.first else { return nil }
        guard values.count == 1, (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw OTPEdgeError(
                .badRequest, "INVALID_IDEMPOTENCY_KEY", "The key must be 1 to 255 visible ASCII characters.")
        }
        return Idempotency(
            key: Array(SHA256.hash(data: Array(key.utf8))), body: Array(SHA256.hash(data: request.bodyBytes)))
    }
}
