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
    var attemptsRemaining: Int?
    /// Seconds; sent as `Retry-After` where it is not 0.
    var retryAfter = 0

    init(_ status: HTTPResponseStatus, _ code: String, _ message: String, details: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.details = details
    }

    var response: Response {
        let body = Body(error: message, code: code, details: details, attemptsRemaining: attemptsRemaining)
        var response = (try? Response.json(body, status: status)) ?? Response(status: status)
        if retryAfter > 0 { response.headers["Retry-After"] = String(retryAfter) }
        if status == .unauthorized { response.headers["WWW-Authenticate"] = "Bearer" }
        return response
    }

    private struct Body: Encodable {
        var error: String
        var code: String
        var details: String?
        var attemptsRemaining: Int?

        enum CodingKeys: String, CodingKey {
            case error, code, details
            case attemptsRemaining = "attempts_remaining"
        }
    }
}
