import NIOCore

/// Writes the body of an answer piece by piece, no faster than the client takes it.
public struct StreamWriter: Sendable {
    private let eventLoop: any EventLoop
    private let sink: NIOLoopBound<any StreamSink>
    private let identifier: RequestIdentifier

    init(sink: any StreamSink, request identifier: RequestIdentifier, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.identifier = identifier
        self.sink = NIOLoopBound(sink, eventLoop: eventLoop)
    }

    /// Sends bytes and returns when there is room for more.
    ///
    /// - Throws: `StreamError` where the client left or did not take the bytes in time, `CancellationError` where
    ///   the task was cancelled.
    public func write(_ bytes: some Sequence<UInt8> & Sendable) async throws {
        try await write(ByteBuffer(bytes: bytes))
    }

    /// Sends text as UTF-8 and returns when there is room for more.
    ///
    /// - Throws: as `write(_:)` for bytes.
    public func write(_ text: String) async throws {
        try await write(ByteBuffer(string: text))
    }

    /// Sends a buffer and returns when there is room for more.
    ///
    /// - Throws: as `write(_:)` for bytes.
    public func write(_ buffer: ByteBuffer) async throws {
        try Task.checkCancellation()
        try await withCheckedThrowingContinuation { (room: CheckedContinuation<Void, any Error>) in
            if eventLoop.inEventLoop {
                sink.value.write(buffer, for: identifier, room: room)
            } else {
                eventLoop.execute { sink.value.write(buffer, for: identifier, room: room) }
            }
        }
    }
}

/// Why a piece of a streamed answer could not be sent.
public enum StreamError: Error, Equatable {
    /// The connection is closed, the client sent all it will send and is taken for gone, or the answer has ended.
    case clientLeft
    /// An earlier piece is still on its way: pieces are written one after the other.
    case concurrentWrite
}

/// Where a stream's pieces go. Only called on the connection's event loop.
protocol StreamSink: AnyObject {
    /// Sends a piece of the answer to one request, and resumes `room` when the next may follow. A writer that outlives
    /// its answer must not reach the next one on the same connection.
    func write(_ buffer: ByteBuffer, for request: RequestIdentifier, room: CheckedContinuation<Void, any Error>)
}
