import NIOCore

/// Writes the body of an answer piece by piece, no faster than the client takes it.
public struct StreamWriter: Sendable {
    private let eventLoop: any EventLoop
    private let sink: NIOLoopBound<any StreamSink>

    init(sink: any StreamSink, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
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
                sink.value.write(buffer, room: room)
            } else {
                eventLoop.execute { sink.value.write(buffer, room: room) }
            }
        }
    }
}

/// Why a piece of a streamed answer could not be sent.
public enum StreamError: Error, Equatable {
    /// The connection is closed, or the client sent all it will send and is taken for gone.
    case clientLeft
    /// An earlier piece is still on its way: pieces are written one after the other.
    case concurrentWrite
}

/// Where a stream's pieces go. Only called on the connection's event loop.
protocol StreamSink: AnyObject {
    func write(_ buffer: ByteBuffer, room: CheckedContinuation<Void, any Error>)
}
