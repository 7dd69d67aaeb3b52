import EnclaveLink
import HTTPServer
import Passcodes
import Workspaces

extension OTPEdgeRoutes {
    private struct VerifyBody: PlainBody {
        static let fields = ["phone_number", "to", "code"]

        var phoneNumber: String?
        var to: String?
        var code: String

        enum CodingKeys: String, CodingKey {
            case phoneNumber = "phone_number"
            case to, code
        }

        init?(plain values: [String?]) {
            guard let code = values[2] else { return nil }
            phoneNumber = values[0]
            to = values[1]
            self.code = code
        }
    }

    /// `POST /api/v1/verify-otp`
    func verifyOTP(_ request: Request) async throws -> Response {
        let caller = try await rooms.identify(request).passcodeCaller(of: request)
        let body = try FieldNames.decode(VerifyBody.self, from: request)
        let contact = try Contact(try Self.contact(body))
        guard (1...64).contains(body.code.utf8.count) else {
            throw OTPEdgeError.invalidField("code", "The code must have 1 to 64 characters.")
        }
        let token = try await rooms.challenges.verify(contact, code: PresentedCode(body.code), for: caller)
        return Self.answer(token.value)
    }

    private static func answer(_ identityToken: String) -> Response {
        var answer = JSONObjectText(capacity: identityToken.utf8.count + 64)
        answer.add("identity_token", identityToken)
        answer.add("status", "verified")
        return Response.json(answer)
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
