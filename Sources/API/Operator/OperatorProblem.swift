import HTTPServer
import Passcodes
import Workspaces

/// An error of the operator's API: RFC 9457 problem details with the extension `code`.
struct OperatorProblem: Error, Encodable, Equatable {
    var type = "about:blank"
    var title: String
    var status: UInt
    var detail: String
    var code: String
    var retryAfter: Int?

    enum CodingKeys: String, CodingKey {
        case type, title, status, detail, code
        case retryAfter = "retry_after"
    }

    init(_ status: HTTPResponseStatus, _ code: String, _ detail: String, retryAfter: Int = 0) {
        self.title = status.reasonPhrase
        self.status = status.code
        self.detail = detail
        self.code = code
        self.retryAfter = retryAfter > 0 ? retryAfter : nil
    }

    init(_ error: WorkspaceError) {
        switch error.code {
        case .keyMissing:
            self.init(.unauthorized, "key_missing", "Send an operator's key: Authorization: Bearer uk_live_…")
        case .keyInvalid: self.init(.unauthorized, "key_invalid", error.message)
        case .keyRevoked: self.init(.forbidden, "key_revoked", error.message)
        case .keyExpired: self.init(.forbidden, "key_expired", error.message)
        case .keyInBrowser: self.init(.forbidden, "key_in_browser", error.message)
        case .keyNotPermitted: self.init(.forbidden, "not_permitted", error.message)
        case .subscriptionInactive: self.init(.paymentRequired, "subscription_inactive", error.message)
        case .quotaExceeded, .budgetExceeded, .cooldown, .rateLimited:
            self.init(.tooManyRequests, "rate_limited", error.message, retryAfter: error.retryAfter)
        case .invalidSetting: self.init(.unprocessableEntity, "invalid_setting", error.message)
        case .notFound: self.init(.notFound, "not_found", error.message)
        case .unavailable: self = .unavailable
        }
    }

    init(_ error: PasscodeError) {
        switch error.code {
        case .workspace(let error): self.init(error)
        default: self = .unavailable
        }
    }

    init(_ error: RequestBodyError) {
        switch error {
        case .missingField(let name): self.init(.unprocessableEntity, "missing_field", "\(name) is missing.")
        case .wrongType(let name) where !name.isEmpty:
            self.init(.unprocessableEntity, "invalid_field", "\(name) has a value of the wrong type.")
        case .empty, .notUTF8, .notJSON, .tooDeep, .wrongType:
            self.init(.badRequest, "invalid_json", "The body must be a JSON object.")
        }
    }

    static let unavailable = OperatorProblem(
        .serviceUnavailable, "unavailable", "The server cannot answer now. Try again.", retryAfter: 1)

    var response: Response {
        let code = HTTPResponseStatus(statusCode: Int(status))
        var response =
            (try? Response.json(self, status: code, contentType: "application/problem+json")) ?? Response(status: code)
        if let retryAfter { response.headers["Retry-After"] = String(retryAfter) }
        if code == .unauthorized { response.headers["WWW-Authenticate"] = "Bearer" }
        return response
    }
}
