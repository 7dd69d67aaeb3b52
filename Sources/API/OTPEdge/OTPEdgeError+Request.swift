import Encodings
import HTTPServer

extension OTPEdgeError {
    init(_ error: RequestBodyError) {
        switch error {
        case .empty: self.init(.badRequest, "INVALID_JSON", "The body is empty.")
        case .notUTF8: self.init(.badRequest, "INVALID_JSON", "The body is not UTF-8.")
        case .notJSON: self.init(.badRequest, "INVALID_JSON", "The body is not JSON.")
        case .tooDeep: self.init(.badRequest, "INVALID_JSON", "The body is nested too deeply.")
        case .missingField(let name): self = .missingField(name)
        case .wrongType(""): self.init(.badRequest, "INVALID_JSON", "The body must be a JSON object.")
        case .wrongType(let name): self = .invalidField(name, "The field has a value of the wrong type.")
        }
    }

    init(_ error: InvalidIdempotencyKey) {
        self.init(.badRequest, "INVALID_IDEMPOTENCY_KEY", error.message)
    }

    init(_ reason: RefusalReason) {
        switch reason {
        case .body(let error): self.init(error)
        case .notFound: self.init(.notFound, "NOT_FOUND", reason.detail)
        case .methodNotAllowed: self.init(.methodNotAllowed, "METHOD_NOT_ALLOWED", reason.detail)
        case .requestTimeout: self.init(.requestTimeout, "REQUEST_TIMEOUT", reason.detail)
        case .bodyTooLong: self.init(.payloadTooLarge, "BODY_TOO_LARGE", reason.detail)
        case .headerTooLong: self.init(.requestHeaderFieldsTooLarge, "HEADERS_TOO_LARGE", reason.detail)
        case .internalError: self.init(.internalServerError, "INTERNAL_ERROR", "Unexpected error.")
        case .tooManyConnections, .tooManyWaiting, .waitingShareTaken:
            self.init(reason.status, "UNAVAILABLE", reason.detail)
        case .malformedMessage, .parameter, .targetTooLong, .expectationFailed, .unsupportedTransferCoding,
            .upgradeRequired, .unsupportedVersion:
            self.init(reason.status, "INVALID_REQUEST", reason.detail)
        }
    }

    static func missingField(_ name: String) -> Self {
        OTPEdgeError(.badRequest, "MISSING_FIELD", "A required field is missing.", details: name)
    }

    static func invalidField(_ name: String, _ message: String) -> Self {
        OTPEdgeError(.badRequest, "INVALID_FIELD", message, details: name)
    }

    static func repeatedField(_ name: String) -> Self {
        var error = invalidField("\(name.prefix(64))", "The field comes twice.")
        error.reason = "\(GivenName.loggable(name)) comes twice"
        return error
    }

    static func unknownField(_ name: String, meant: String) -> Self {
        var error = OTPEdgeError(
            .badRequest, "UNKNOWN_FIELD", "A field has an unknown name.",
            details: "\(name.prefix(64)): did you mean \(meant)?")
        error.reason = "there is no field \(GivenName.loggable(name))"
        return error
    }
}
