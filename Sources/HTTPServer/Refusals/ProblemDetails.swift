/// The default form of a refusal: problem details as JSON (RFC 9457).
public struct ProblemDetails: Sendable, Equatable, Encodable {
    /// The kind of problem; `about:blank` says that the status tells all (RFC 9457, section 4.2.1).
    public var type = "about:blank"
    /// The status' own phrase.
    public var title: String
    /// The status again, for readers that only see the body.
    public var status: Int
    /// What the caller can do about it.
    public var detail: String?
    /// The request, as `X-Request-Id` names it.
    public var requestIdentifier: String

    enum CodingKeys: String, CodingKey {
        case type, title, status, detail
        case requestIdentifier = "request_id"
    }

    /// The details of a refusal.
    public init(_ reason: RefusalReason, request: RefusedRequest) {
        title = reason.status.reasonPhrase
        status = Int(reason.status.code)
        detail = reason.detail
        requestIdentifier = request.identifier.description
    }

    /// The answer to a refusal as problem details.
    public static let answer: RefusalAnswer = { reason, request in
        let problem = ProblemDetails(reason, request: request)
        let answer = try? Response.json(problem, status: reason.status, contentType: "application/problem+json")
        return answer ?? Response(status: reason.status)
    }
}

extension RefusalReason {
    /// One sentence for the caller: what was wrong, and what is allowed.
    public var detail: String {
        switch self {
        case .malformedMessage(let fault): fault.detail
        case .body(let error): error.detail
        case .parameter(let name): "The path's part \"\(name)\" is not a valid value."
        case .notFound: "There is nothing at this path."
        case .methodNotAllowed(let allowed):
            "This path answers \(allowed.map(\.rawValue).joined(separator: ", "))."
        case .requestTimeout: "The request did not arrive in time."
        case .bodyTooLong(let limit): "The body may have \(limit) bytes."
        case .targetTooLong(let limit): "The request's target may have \(limit) bytes."
        case .expectationFailed: "Only \"100-continue\" can be expected."
        case .upgradeRequired: "This path is a WebSocket of version 13 (RFC 6455)."
        case .waitingShareTaken: "You are waiting in as many places at once as one may. Try again later."
        case .headerTooLong(let limit, let fields): "The header may have \(limit) bytes and \(fields) fields."
        case .internalError: "The request could not be completed."
        case .unsupportedTransferCoding: "The only transfer coding is \"chunked\"."
        case .tooManyConnections: "Too many connections are open. Try again later."
        case .tooManyWaiting: "Too many clients are waiting. Try again later."
        case .unsupportedVersion: "The version must be HTTP/1.1 or HTTP/1.0."
        }
    }
}

extension MessageFault {
    fileprivate var detail: String {
        switch self {
        case .syntax: "The message is not valid HTTP."
        case .target: "The request's target is not valid."
        case .host: "Exactly one valid Host field is needed."
        case .framing: "The length of the body is not stated in one valid way."
        case .pathEncoding: "The path's percent-encoding is not valid UTF-8."
        case .handshake: "The request for a WebSocket is not valid."
        }
    }
}

extension RequestBodyError {
    fileprivate var detail: String {
        switch self {
        case .empty: "A JSON body is needed."
        case .notUTF8: "The body is not valid UTF-8."
        case .notJSON: "The body is not valid JSON."
        case .tooDeep: "The body is nested deeper than \(JSONInspection.maximumDepth) levels."
        case .missingField(let name): "The field \"\(name)\" is missing."
        case .wrongType(""): "The body is not of the expected type."
        case .wrongType(let name): "The field \"\(name)\" is not of the expected type."
        }
    }
}
