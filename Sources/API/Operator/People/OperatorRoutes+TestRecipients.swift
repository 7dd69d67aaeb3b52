import HTTPServer
import Passcodes

extension OperatorRoutes {
    func registerTestRecipients(in router: inout Router) throws {
        try on(.GET, "/v1/test-recipients", in: &router, listTestRecipients)
        try on(.PUT, "/v1/test-recipients/:contact", in: &router, saveTestRecipient)
        try on(.DELETE, "/v1/test-recipients/:contact", in: &router, deleteTestRecipient)
    }

    private struct TestRecipientBody: PlainBody {
        static let fields = ["code", "expires_at"]

        var code: String
        var expiresAt: String

        enum CodingKeys: String, CodingKey {
            case code
            case expiresAt = "expires_at"
        }

        init?(plain values: [String?]) {
            guard let code = values[0], let expiresAt = values[1] else { return nil }
            self.code = code
            self.expiresAt = expiresAt
        }
    }

    /// `GET /v1/test-recipients`
    @Sendable private func listTestRecipients(
        _ request: Request, _ identity: CallerIdentity
    ) async throws -> Response {
        let recipients = try await rooms.challenges.testRecipients.list(workspace: identity.workspace.id)
        return try Response.json(
            TestRecipientListing(testRecipients: recipients.map(TestRecipientDescription.init)))
    }

    /// `PUT /v1/test-recipients/:contact`
    @Sendable private func saveTestRecipient(
        _ request: Request, _ identity: CallerIdentity
    ) async throws -> Response {
        let body = try request.read(TestRecipientBody.self)
        guard let end = WireTime.milliseconds(body.expiresAt) else {
            throw Problem.invalidField("expires_at", "is a time such as 2026-12-31T00:00:00Z, or a day.")
        }
        let saved = try await rooms.challenges.testRecipients.save(
            try Contact(request.parameter("contact")), code: body.code, until: end,
            workspace: identity.workspace.id, origin: identity.origin)
        return try Response.json(TestRecipientDescription(saved))
    }

    /// `DELETE /v1/test-recipients/:contact`
    @Sendable private func deleteTestRecipient(
        _ request: Request, _ identity: CallerIdentity
    ) async throws -> Response {
        try await rooms.challenges.testRecipients.delete(
            try Contact(request.parameter("contact")), workspace: identity.workspace.id, origin: identity.origin)
        return Response(status: .noContent)
    }
}

/// A test recipient on the wire of the operator's API; times are RFC 3339.
public struct TestRecipientDescription: Codable, Sendable {
    public var contact: String
    public var code: String
    public var expiresAt: String

    enum CodingKeys: String, CodingKey {
        case contact, code
        case expiresAt = "expires_at"
    }

    init(_ recipient: TestRecipient) {
        contact = recipient.address
        code = recipient.code.value
        expiresAt = WireTime.text(recipient.expiresAt)
    }
}

/// What `GET /v1/test-recipients` answers.
public struct TestRecipientListing: Codable, Sendable {
    public var testRecipients: [TestRecipientDescription]

    enum CodingKeys: String, CodingKey { case testRecipients = "test_recipients" }
}
