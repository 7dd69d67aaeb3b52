import NIOCore
import NIOWebSocket

extension Connection {
    /// Makes the connection a WebSocket, or answers why it does not become one.
    func open(_ messages: WebSocketMessages, _ response: Response, _ exchange: Exchange) {
        do throws(RefusalReason) {
            let handshake = try WebSocketHandshake(
                exchange.method, exchange.upgrade, isCurrent: exchange.acceptsChunks)
            // A client sends no frame before it has the answer, and one that closed its side can answer no ping.
            guard !intake.hasMore, laterParts.isEmpty, !hasInputEnded else { throw .malformedMessage(.handshake) }
            guard response.headers.isSafe else { throw .internalError }
            var exchange = exchange
            exchange.place = try shared.connections.places.take(by: messages.holders)
            self.exchange = exchange
            handOver(messages, answer(response, exchange, handshake), exchange)
        } catch {
            send(refusal(error, exchange))
        }
    }

    private func answer(_ response: Response, _ exchange: Exchange, _ handshake: WebSocketHandshake) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(640)
        AnswerEncoder.write(
            head: response, framing: .webSocket(accept: handshake.accept), isKeptAlive: true,
            identifier: exchange.identifier, date: loop.date.current(),
            isEncrypted: exchange.client.transport.isEncrypted, into: &buffer)
        return buffer
    }

    /// Sends the answer and leaves the channel to the WebSocket, which counts in this connection's place.
    private func handOver(_ messages: WebSocketMessages, _ answer: ByteBuffer, _ exchange: Exchange) {
        guard let context else { return }
        let pipeline = context.pipeline
        var exchange = exchange
        exchange.upgrade = nil  // read, and not to be kept for as long as the WebSocket is open
        let socket = WebSocketConnection(shared: shared, loop: loop, exchange: exchange, messages: messages)
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        do {
            // The flush may have found the client gone.
            guard phase == .answering else { throw StreamError.clientLeft }
            try pipeline.syncOperations.addHandlers(WebSocketFrameEncoder(), socket)
        } catch {
            cut()
            return endExchange(status: .switchingProtocols)
        }
        self.exchange = nil
        phase = .closed
        loop.remove(self)
        pipeline.removeHandler(self, promise: nil)
        pipeline.removeHandler(intake, promise: nil)
        socket.start()
    }
}
