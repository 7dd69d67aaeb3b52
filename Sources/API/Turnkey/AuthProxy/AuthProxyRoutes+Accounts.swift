import HTTPServer
import Passcodes
import Workspaces

extension AuthProxyRoutes {
    /// `signup_v2`: a verified contact becomes a user.
    @Sendable func signUp(_ fields: WireObject, _ request: Request, _ visitor: Visitor) async throws -> Response {
        let wish = try SignUpWish(signUp: fields)
        try await rooms.checkCaptcha(request, visitor)
        let user = try await rooms.users.signUp(wish, for: visitor.caller)
        return try Response.json(["organizationId": visitor.organization, "userId": user.id])
    }

    /// `account`: the organization of whoever signed up with a contact that the asker has just verified; `{}` where
    /// nobody did.
    @Sendable func account(_ fields: WireObject, _ request: Request, _ visitor: Visitor) async throws -> Response {
        let type = try fields.text("filterType", lengths: 1...64)
        guard type == "EMAIL" || type == "PHONE_NUMBER" else {
            throw TurnkeyError.invalid("filterType", "must be EMAIL or PHONE_NUMBER")
        }
        guard !fields.isAbsent("verificationToken") else { throw TurnkeyError.verificationTokenMissing }
        let contact = try fields.contact("filterValue")
        guard contact.isEmail == (type == "EMAIL") else {
            throw TurnkeyError.invalid("filterValue", "does not fit filterType")
        }
        let user = try await rooms.users.lookUp(
            contact, token: try fields.verificationToken("verificationToken"), flow: .turnkey, for: visitor.caller)
        return try Response.json(user == nil ? [:] : ["organizationId": visitor.organization])
    }
}

extension Visitor {
    /// The workspace's identifier as the dialect writes it.
    var organization: String { WorkspaceUUID.organization.text(for: workspace.id) }
}

extension Contact {
    fileprivate var isEmail: Bool { address.kind == .email }
}
