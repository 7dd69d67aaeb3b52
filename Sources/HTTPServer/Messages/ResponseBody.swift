/// The body of an answer.
public enum ResponseBody: Sendable {
    /// No body.
    case none
    /// All bytes at once. Meant for answers up to some hundred kilobytes: the client has `answerDeadline` to take each
    /// 64 KiB.
    case bytes([UInt8])
    /// Bytes as they come. The closure runs after the header was sent; when it returns, the body is complete, when it
    /// throws, the connection is cut so that the client sees that the body is not. It is cancelled when the client
    /// leaves.
    case stream(@Sendable (StreamWriter) async throws -> Void)
    /// Server-sent events. See `Response.events(_:)`.
    case events(EventStream)
    /// The connection becomes a WebSocket. See `Response.webSocket(_:incoming:)`.
    case webSocket(WebSocketMessages)
    /// No answer yet. See `Response.later(after:atMost:by:answer:)`.
    case later(LaterAnswer)

    var isAtOnce: Bool {
        switch self {
        case .none, .bytes: true
        case .stream, .events, .webSocket, .later: false
        }
    }
}
