import NIOHTTP1

/// Why the server, and not a handler, answers a request.
public enum RefusalReason: Error, Equatable {
    /// 400: the message is no valid HTTP/1.1 (RFC 9112).
    case malformedMessage(MessageFault)
    /// 400: a handler asked for a JSON body and got something else.
    case body(RequestBodyError)
    /// 400: a parameter of the path is no value of the type that a handler asked for.
    case parameter(name: String)
    /// 404: no route has this path.
    case notFound
    /// 405: routes have this path, for other methods.
    case methodNotAllowed(allowed: [HTTPMethod])
    /// 408: the request did not arrive whole in time. The connection is closed.
    case requestTimeout
    /// 413: the body is longer than allowed. The connection is closed.
    case bodyTooLong(limit: Int)
    /// 414: the target is longer than allowed. The connection is closed.
    case targetTooLong(limit: Int)
    /// 417: the Expect field asks for something other than `100-continue`.
    case expectationFailed
    /// 426: the route makes WebSockets of version 13, and the request asks for none.
    case upgradeRequired
    /// 429: this caller has its share of the places for clients that wait.
    case waitingShareTaken
    /// 431: the header is longer, or has more fields, than allowed. The connection is closed.
    case headerTooLong(limit: Int, fields: Int)
    /// 500: a handler failed. The reason is in the log only.
    case internalError
    /// 501: a transfer coding other than `chunked` (RFC 9112, section 6.1). The connection is closed.
    case unsupportedTransferCoding
    /// 503: as many connections are open as allowed. The connection is closed.
    case tooManyConnections
    /// 503: as many clients wait as allowed.
    case tooManyWaiting
    /// 505: a version other than HTTP/1.0 and HTTP/1.1. The connection is closed.
    case unsupportedVersion

    /// The status of the answer.
    public var status: HTTPResponseStatus {
        switch self {
        case .malformedMessage, .body, .parameter: .badRequest
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .requestTimeout: .requestTimeout
        case .bodyTooLong: .payloadTooLarge
        case .targetTooLong: .uriTooLong
        case .expectationFailed: .expectationFailed
        case .upgradeRequired: .upgradeRequired
        case .waitingShareTaken: .tooManyRequests
        case .headerTooLong: .requestHeaderFieldsTooLarge
        case .internalError: .internalServerError
        case .unsupportedTransferCoding: .notImplemented
        case .tooManyConnections, .tooManyWaiting: .serviceUnavailable
        case .unsupportedVersion: .httpVersionNotSupported
        }
    }

    /// Seconds after which the same request may be answered otherwise; nil where time alone changes nothing.
    var retryAfter: Int? {
        switch self {
        case .tooManyConnections: 1
        // Who waits stays for long: places become free slowly.
        case .tooManyWaiting, .waitingShareTaken: 5
        default: nil
        }
    }
}

/// What is wrong with a message that was refused with 400.
public enum MessageFault: Sendable, Equatable {
    /// Not parseable as a request.
    case syntax
    /// A target that fits none of the forms of RFC 9112, section 3.2.
    case target
    /// No Host field, more than one, or an invalid one (RFC 9112, section 3.2).
    case host
    /// Content-Length and Transfer-Encoding contradict each other or themselves (RFC 9112, section 6.3).
    case framing
    /// A percent-encoding in the path that is broken or no UTF-8.
    case pathEncoding
    /// A request for a WebSocket without one valid key, or with more than its header (RFC 6455, section 4.2.1).
    case handshake
}
