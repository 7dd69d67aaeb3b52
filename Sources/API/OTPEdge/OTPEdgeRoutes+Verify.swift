import EnclaveLink
import HTTPServer
import Passcodes
import Workspaces

extension OTPEdgeRoutes {
    private struct VerifyBody: PlainBody {
        static let fields = ["phone_number", "to", "req_id", "code", "purpose", "binding"]

        var phoneNumber: String?
        var to: String?
        var identifier: String?
        var code: String
        var purpose: String?

        enum CodingKeys: String, CodingKey {
            case phoneNumber = "phone_number"
            case to, code, purpose
            case identifier = "req_id"
        }

        init?(plain values: [String?]) {
            guard let code = values[3], values[5] == nil else { return nil }
            phoneNumber = values[0]
            to = values[1]
            identifier = values[2]
            self.code = code
            purpose = values[4]
        }
    }

    /// `POST /api/v1/verify-otp`
    func verifyOTP(_ request: Request) async throws -> Response {
        let caller = try await rooms.identify(request, for: .verify).passcodeCaller(of: request)
        let body = try FieldNames.decode(VerifyBody.self, from: request)
        let target = try Self.target(body)
        guard (1...64).contains(body.code.utf8.count) else {
            throw OTPEdgeError.invalidField("code", "The code must have 1 to 64 characters.")
        }
        let claims = try PasscodeClaims(
            purpose: body.purpose, binding: try ObjectMembers(["binding"], of: request)["binding"])
        let token = try await rooms.challenges.verify(
            target, code: PresentedCode(body.code), claims: claims, for: caller)
        return Self.answer(token.value)
    }

    private static func target(_ body: VerifyBody) throws -> VerificationTarget {
        guard let identifier = body.identifier else { return .contact(try Contact(try contact(body))) }
        guard body.phoneNumber == nil, body.to == nil else {
            throw OTPEdgeError.invalidField("req_id", "Name the passcode by req_id or by its contact, not by both.")
        }
        // No identifier is longer, and the database need not look for one that is.
        guard identifier.utf8.count <= 128 else { throw PasscodeError.challengeUnknown() }
        return .passcode(identifier)
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
