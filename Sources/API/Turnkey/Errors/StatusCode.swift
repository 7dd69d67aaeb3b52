import HTTPServer

/// The gRPC status codes that the dialect uses (grpc/doc/statuscodes.md), by their numbers on the wire.
enum StatusCode: Int, Encodable, Sendable {
    case invalidArgument = 3
    case notFound = 5
    case alreadyExists = 6
    case permissionDenied = 7
    case resourceExhausted = 8
    case failedPrecondition = 9
    case aborted = 10
    case unimplemented = 12
    case internalError = 13
    case unavailable = 14
    case unauthenticated = 16

    /// The HTTP status that goes with it (google/rpc/code.proto).
    var status: HTTPResponseStatus {
        switch self {
        case .invalidArgument, .failedPrecondition: .badRequest
        case .notFound: .notFound
        case .alreadyExists, .aborted: .conflict
        case .permissionDenied: .forbidden
        case .resourceExhausted: .tooManyRequests
        case .unimplemented: .notImplemented
        case .internalError: .internalServerError
        case .unavailable: .serviceUnavailable
        case .unauthenticated: .unauthorized
        }
    }
}
