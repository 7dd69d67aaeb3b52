import NIOCore

/// A request's way back to the connection that it came over, from whatever thread.
struct ConnectionReference: Sendable {
    let executor: EventLoopTaskExecutor
    private let connection: NIOLoopBound<Connection>
    private let eventLoop: any EventLoop

    /// Only called on the connection's event loop.
    init(_ connection: Connection) {
        executor = connection.loop.executor
        eventLoop = connection.loop.eventLoop
        self.connection = NIOLoopBound(connection, eventLoop: eventLoop)
    }

    /// Begins a wait in a handler. See `Connection.beginWait(_:for:atMost:)`.
    func beginWait(_ wait: OngoingWait, for request: RequestIdentifier, atMost limit: Duration) async {
        await onLoop { $0.beginWait(wait, for: request, atMost: limit) }
    }

    /// Ends a wait that was begun.
    func endWait(_ wait: OngoingWait) async {
        await onLoop { $0.endWait(wait) }
    }

    private func onLoop(_ body: @escaping @Sendable (Connection) -> Void) async {
        if eventLoop.inEventLoop { return body(connection.value) }
        await withCheckedContinuation { done in
            eventLoop.execute {
                body(connection.value)
                done.resume()
            }
        }
    }
}
