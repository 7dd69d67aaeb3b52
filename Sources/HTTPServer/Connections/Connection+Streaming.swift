import NIOCore
import NIOHTTP1

/// The body of an answer whose header is sent.
struct StreamedBody {
    let request: RequestIdentifier
    let status: HTTPResponseStatus
    let write: Write

    typealias Write = @Sendable (StreamWriter) async throws -> Void
}

extension Connection: StreamSink {
    /// Lets a handler write its body, in a task of its own: the handler's is over, and its memory free.
    func run(_ body: StreamedBody) {
        let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let writer = StreamWriter(sink: self, request: body.request, eventLoop: loop.eventLoop)
        task = Task(executorPreference: loop.executor) {
            do {
                try await body.write(writer)
                connection.value.endStream(status: body.status)
            } catch {
                connection.value.breakStream(status: body.status, error)
            }
        }
    }

    func write(
        _ buffer: ByteBuffer, for request: RequestIdentifier, room waiting: CheckedContinuation<Void, any Error>
    ) {
        guard phase == .streaming, let exchange, exchange.identifier == request else {
            return waiting.resume(throwing: StreamError.clientLeft)
        }
        guard room == nil else { return waiting.resume(throwing: StreamError.concurrentWrite) }
        // An empty chunk would end the body.
        guard buffer.readableBytes > 0 else { return waiting.resume() }
        writePiece(buffer, isChunk: exchange.acceptsChunks)
        // The flush may have found the client gone.
        guard phase == .streaming else { return waiting.resume(throwing: StreamError.clientLeft) }
        if isWritable { waiting.resume() } else { room = waiting }
        wait = .nothing
        settleWait()
    }

    private func writePiece(_ buffer: ByteBuffer, isChunk: Bool) {
        guard let context else { return }
        defer { context.flush() }
        guard isChunk else { return write(buffer, context, promise: nil) }
        let length = String(buffer.readableBytes, radix: 16)
        context.write(wrapOutboundOut(ByteBuffer(string: length + "\r\n")), promise: nil)
        write(buffer, context, promise: nil)
        context.write(wrapOutboundOut(ByteBuffer(string: "\r\n")), promise: nil)
    }

    /// Shows the client of an event stream, and what stands between, that it goes on.
    func sendHeartbeat() {
        guard phase == .streaming, let exchange else { return }
        writePiece(ByteBuffer(string: ServerSentEvent.heartbeat), isChunk: exchange.acceptsChunks)
        wait = .nothing
        settleWait()
    }

    private func endStream(status: HTTPResponseStatus) {
        guard phase == .streaming, let exchange else { return endExchange(status: status) }
        finish(exchange.acceptsChunks ? ByteBuffer(string: "0\r\n\r\n") : ByteBuffer(), status: status)
        pump()
    }

    private func breakStream(status: HTTPResponseStatus, _ error: any Error) {
        // An event stream that the server ends is whole.
        if error is CancellationError, exchange?.place != nil { return endStream(status: status) }
        if let exchange, phase == .streaming {
            shared.logger.error(
                "a streamed answer ended early",
                metadata: ["request_id": "\(exchange.identifier)", "route": "\(exchange.route)", "error": "\(error)"])
        }
        endExchange(status: status)
        cut()
    }
}
