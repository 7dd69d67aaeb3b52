import NIOHTTP1

/// What is known of a request that the server refuses itself.
public struct RefusedRequest: Sendable {
    /// The identifier on the answer and in the log.
    public let identifier: RequestIdentifier
    /// The method, where the request line was read.
    public let method: HTTPMethod?
    /// The path as it was sent, where the request line was read.
    public let path: String?
    /// The header, where it was read whole and is no larger than allowed; else empty.
    public var headers = HeaderFields()
    /// Who sits at the other end.
    public let peer: Peer
}

/// Makes the answer to a refused request. It must not block: it runs on the connection's event loop.
public typealias RefusalAnswer = @Sendable (RefusalReason, RefusedRequest) -> Response
