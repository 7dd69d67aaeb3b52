import HTTPServer

/// An error as the Turnkey dialect writes it: a gRPC status as JSON, with a name of its own where clients can act on it.
struct TurnkeyError: Error, Equatable, Sendable {
    var code: StatusCode
    /// Some texts are matched by clients, character by character; none carries anything of the request.
    var message: String
    /// `turnkeyErrorCode`.
    var name: ErrorName
    /// Where the server itself refuses, a status that the gRPC code would not tell.
    var status: HTTPResponseStatus?
    /// Wrong codes that are still free; nil where the error is no wrong code.
    var attemptsRemaining: Int?
    /// Seconds; sent as `Retry-After` where it is not 0.
    var retryAfter = 0
    /// The uses that a limit allows in its period, where one was reached and the number is no secret.
    var limit: Int?
    /// For the log only; nil where the message says it all.
    var reason: String?

    init(_ code: StatusCode, _ name: ErrorName, _ message: String) {
        self.code = code
        self.name = name
        self.message = message
    }

    /// The same with a reason for the log.
    func because(_ reason: String) -> Self {
        var error = self
        error.reason = reason
        return error
    }

    /// True where the same request may succeed later, because nothing was done.
    var isTransient: Bool {
        switch code {
        case .aborted, .internalError, .resourceExhausted, .unavailable: true
        case .alreadyExists, .failedPrecondition, .invalidArgument, .notFound, .permissionDenied, .unauthenticated,
            .unimplemented:
            false
        }
    }
}

extension TurnkeyError {
    private static let detailType = "type.googleapis.com/errors.v1.TurnkeyErrorDetail"

    /// The body of the error.
    struct Body: Encodable, Equatable, Sendable {
        struct Detail: Encodable, Equatable, Sendable {
            var type: String
            var turnkeyErrorCode: ErrorName
            var attemptsRemaining: Int?

            enum CodingKeys: String, CodingKey {
                case type = "@type"
                case turnkeyErrorCode, attemptsRemaining
            }
        }

        var code: StatusCode
        var message: String
        var details: [Detail]
        var turnkeyErrorCode: ErrorName
    }

    var body: Body {
        Body(
            code: code, message: message,
            details: [.init(type: Self.detailType, turnkeyErrorCode: name, attemptsRemaining: attemptsRemaining)],
            turnkeyErrorCode: name)
    }

    var response: Response {
        let status = status ?? code.status
        var response = (try? Response.json(body, status: status)) ?? Response(status: status)
        if retryAfter > 0 { response.headers["Retry-After"] = String(retryAfter) }
        if let limit {
            response.headers["ratelimit-limit"] = String(limit)
            response.headers["ratelimit-remaining"] = "0"
        }
        if status == .unauthorized { response.headers["WWW-Authenticate"] = "X-Stamp" }
        return response
    }
}
