import NIOHTTP1

/// What a handler answers.
///
/// The server adds the fields that frame the message (`Content-Length` or `Transfer-Encoding`, `Connection`),
/// `Date`, `X-Request-Id` and the security fields; what a handler sets of the first kind is not sent.
public struct Response: Sendable {
    /// The status.
    public var status: HTTPResponseStatus
    /// Further header fields. Set `Cache-Control`, `Content-Security-Policy` or `Referrer-Policy` to replace the
    /// server's own.
    public var headers: HeaderFields
    /// The body.
    public var body: ResponseBody

    /// An answer.
    public init(status: HTTPResponseStatus, headers: HeaderFields = [:], body: ResponseBody = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
