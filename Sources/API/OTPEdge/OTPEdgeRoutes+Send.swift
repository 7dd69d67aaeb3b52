import EnclaveLink
import HTTPServer
import Passcodes
import Workspaces

extension OTPEdgeRoutes {
    private struct SendBody: PlainBody {
        static let fields = ["to", "app", "channel", "template"]

        var to: String
        var app: String
        var channel: String?
        var template: String?

        init?(plain values: [String?]) {
            guard let to = values[0], let app = values[1] else { return nil }
            self.to = to
            self.app = app
            channel = values[2]
            template = values[3]
        }
    }

    /// `POST /api/v1/send-otp`
    func sendOTP(_ request: Request) async throws -> Response {
        let caller = try await rooms.identify(request).passcodeCaller(of: request)
        let wish = try Self.sendRequest(request)
        let dispatch = try await rooms.challenges.send(wish, for: caller)
        var response = Self.answer(dispatch)
        if dispatch.isReplay { response.headers["Idempotency-Replayed"] = "true" }
        return response
    }

    private static func answer(_ dispatch: Dispatch) -> Response {
        var answer = JSONObjectText()
        // Only with a test key.
        answer.add("code", dispatch.testCode?.value)
        answer.add("req_id", dispatch.identifier)
        answer.add("status", "dispatched")
        answer.add("success", true)
        return Response.json(answer)
    }

    private static func sendRequest(_ request: Request) throws -> SendRequest {
        let body = try FieldNames.decode(SendBody.self, from: request)
        guard let application = ApplicationName(body.app) else {
            throw OTPEdgeError.invalidField("app", "The name must have 1 to 64 visible characters.")
        }
        if let template = body.template, template != "default" {
            throw OTPEdgeError(.badRequest, "MISSING_TEMPLATE", "There is no such template.")
        }
        return SendRequest(
            identifier: "oe_" + RandomIdentifier.hexadecimal(length: 12), contact: try Contact(body.to),
            channel: try body.channel.map(channel), application: application,
            idempotency: try request.idempotency())
    }

    private static func channel(_ name: String) throws -> Channel {
        guard let channel = Channel(rawValue: name) else { throw PasscodeError.invalidChannel() }
        return channel
    }
}
