import HTTPServer
import Passcodes
import Workspaces

/// An error as the dialect writes it (`otp-edge`, Errors).
struct OTPEdgeError: Error, Equatable, Sendable {
    var status: HTTPResponseStatus
    var code: String
    /// One short sentence; the reason behind it is in the log.
    var message: String
    var details: String?
    /// For the log, in place of `details` that repeat what a stranger wrote.
    var reason: String?
    var attemptsRemaining: Int?
    /// Seconds; sent as `Retry-After` where it is not 0.
    var retryAfter = 0
    /// True where an earlier request with the same `Idempotency-Key` was answered so.
    var isReplay = false

    init(_ status: HTTPResponseStatus, _ code: String, _ message: String, details: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.details = details
    }

    var response: Response {
        var body = JSONObjectText()
        body.add("attempts_remaining", attemptsRemaining)
        body.add("code", code)
        body.add("details", details)
        body.add("error", message)
        var response = Response.json(body, status: status)
        if retryAfter > 0 { response.headers["Retry-After"] = String(retryAfter) }
        if isReplay { response.headers["Idempotency-Replayed"] = "true" }
        if status == .unauthorized { response.headers["WWW-Authenticate"] = "Bearer" }
        return response
    }
}
