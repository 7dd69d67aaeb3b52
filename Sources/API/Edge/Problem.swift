import HTTPServer
import Workspaces

/// An error of our own API: problem details (RFC 9457) with the extension `code`.
struct Problem: Error, Encodable, Equatable {
    var type = "about:blank"
    var title: String
    var status: UInt
    var detail: String
    var code: String
    /// Wrong codes that are still free; nil where the error is no wrong code.
    var attemptsRemaining: Int?
    /// Seconds; nil where waiting does not help.
    var retryAfter: Int?
    /// The limit that was reached; nil for other errors. Stands in the header, not in the body.
    var policy: RateLimitPolicy?
    /// Of a send whose message nobody took visibly, so that its status can be asked for; nil for other errors.
    var challenge: String?
    /// What is wrong with which field, where that is known.
    var errors: [FieldError]?
    /// What a 401 asks for (RFC 9110 §11.6.1). Stands in the header, not in the body.
    var authentication = "Bearer"
    /// True where an earlier request with the same `Idempotency-Key` was answered so. Stands in the header, not in the body.
    var isReplay = false
    /// For the log only; nil where `detail` says it all.
    var reason: String?

    enum CodingKeys: String, CodingKey {
        case type, title, status, detail, code
        case attemptsRemaining = "attempts_remaining"
        case retryAfter = "retry_after"
        case challenge, errors
    }

    init(_ status: HTTPResponseStatus, _ code: String, _ detail: String, retryAfter: Int = 0) {
        self.title = status.reasonPhrase
        self.status = status.code
        self.detail = detail
        self.code = code
        self.retryAfter = retryAfter > 0 ? retryAfter : nil
    }

    static let unavailable = Problem(
        .serviceUnavailable, "unavailable", "The server cannot answer now. Try again.", retryAfter: 1)

    static func invalidField(_ name: String, _ rule: String) -> Self {
        Problem(.unprocessableEntity, "invalid_field", "\(name) \(rule)")
    }

    /// The same with a reason for the log.
    func because(_ reason: String) -> Self {
        var problem = self
        problem.reason = reason
        return problem
    }

    var response: Response {
        let code = HTTPResponseStatus(statusCode: Int(status))
        var response =
            (try? Response.json(self, status: code, contentType: "application/problem+json")) ?? Response(status: code)
        if let retryAfter { response.headers["Retry-After"] = String(retryAfter) }
        if let policy {
            // Structured fields (draft-ietf-httpapi-ratelimit-headers-10 §3, §4): quota and window; remaining and reset.
            response.headers["RateLimit-Policy"] = "\"\(policy.name)\";q=\(policy.uses);w=\(policy.seconds)"
            response.headers["RateLimit"] = "\"\(policy.name)\";r=0;t=\(retryAfter ?? policy.seconds)"
        }
        if isReplay { response.headers["Idempotency-Replayed"] = "true" }
        if code == .unauthorized { response.headers["WWW-Authenticate"] = authentication }
        return response
    }
}
