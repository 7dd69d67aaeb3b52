import EnclaveLink
import HTTPServer
import Passcodes
import Workspaces

extension OTPEdgeRoutes {
    private struct VerifyBody: Decodable {
        static let fields = ["phone_number", "to", "code"]

        var phoneNumber: String?
        var to: String?
        var code: String

        enum CodingKeys: String, CodingKey {
            case phoneNumber = "phone_number"
            case to, code
        }
    }

    private struct VerifyAnswer: Encodable {
        var status = "verified"
        var identityToken: String

        enum CodingKeys: String, CodingKey {
            case status
            case identityToken = "identity_token"
        }
    }

    /// `POST /api/v1/verify-otp`
    func verifyOTP(_ request: Request) async throws -> Response {
        let identity = try await rooms.identify(request)
        let mode = try identity.mode(of: request)
        let body = try FieldNames.decode(VerifyBody.self, from: request, known: VerifyBody.fields)
        let contact = try Contact(try Self.contact(body))
        guard (1...64).contains(body.code.utf8.count) else {
            throw OTPEdgeError.invalidField("code", "The code must have 1 to 64 characters.")
        }
        let caller = PasscodeCaller(
            workspace: identity.workspace, mode: mode, origin: identity.origin, network: identity.network)
        let token = try await rooms.challenges.verify(contact, code: PresentedCode(body.code), for: caller)
        return try Response.json(VerifyAnswer(identityToken: token.value))
    }

    private static func contact(_ body: VerifyBody) throws -> String {
        switch (body.phoneNumber, body.to) {
        case (let contact?, nil), (nil, let contact?): return contact
        case (nil, nil): throw OTPEdgeError.missingField("phone_number")
        case (let one?, let other?):
            guard one == other else {
                throw OTPEdgeError.invalidField("to", "phone_number and to are two names of one field.")
            }
            return one
        }
    }
}
