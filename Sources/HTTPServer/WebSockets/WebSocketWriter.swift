import NIOCore

/// Sends messages over a WebSocket, no faster than the client takes them.
struct WebSocketWriter: Sendable {
    private let connection: NIOLoopBound<WebSocketConnection>
    private let eventLoop: any EventLoop

    /// Only called on the connection's event loop.
    init(_ connection: WebSocketConnection, eventLoop: any EventLoop) {
        self.connection = NIOLoopBound(connection, eventLoop: eventLoop)
        self.eventLoop = eventLoop
    }

    /// Sends a message and returns when there is room for more.
    ///
    /// - Throws: `StreamError.clientLeft`, or `CancellationError` where the task was cancelled.
    func write(_ message: String) async throws {
        try Task.checkCancellation()
        try await withCheckedThrowingContinuation { (room: CheckedContinuation<Void, any Error>) in
            if eventLoop.inEventLoop {
                connection.value.write(message, room: room)
            } else {
                eventLoop.execute { connection.value.write(message, room: room) }
            }
        }
    }
}
