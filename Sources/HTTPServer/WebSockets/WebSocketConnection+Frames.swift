import NIOCore
import NIOWebSocket

extension WebSocketConnection {
    /// Reads the client's frames and answers them.
    func receive(_ bytes: inout ByteBuffer) {
        guard phase == .open || phase == .closing else { return }
        reader.append(&bytes)
        do throws(FrameFault) {
            while phase == .open || phase == .closing, let frame = try reader.next() { try receive(frame) }
            reader.compact()
        } catch {
            fail(error)
        }
        settleWait()
    }

    private func receive(_ frame: IncomingFrame) throws(FrameFault) {
        framesSincePing += 1
        guard framesSincePing <= shared.configuration.maximumFrames else { throw .tooManyFrames }
        switch frame {
        case .message:
            guard incoming == .ignored else { throw .unwantedMessage }
        case .continuation:
            break
        case .ping(let content):
            if phase == .open { send(.pong, content) }
        case .pong:
            isPongDue = false
        case .close(let content):
            receiveClose(try CloseContent.code(content))
        }
    }

    /// Answers a close frame with its own code; the answer to ours ends the WebSocket.
    private func receiveClose(_ code: WebSocketErrorCode?) {
        if phase == .open {
            stopMessages()
            sendLast(code)
        } else {
            cut()
        }
    }

    /// Closes the WebSocket, and waits for the client to agree.
    func close(_ code: WebSocketErrorCode) {
        guard phase == .open else { return }
        phase = .closing
        stopMessages()
        send(.connectionClose, CloseContent.make(code))
        settleWait()
    }

    /// Closes the WebSocket of a client that does not keep to the protocol: what it sends is not read any more.
    private func fail(_ fault: FrameFault) {
        stopMessages()
        // Our close frame is on its way already, and there is only one.
        if phase == .closing { cut() } else { sendLast(fault.code) }
    }

    /// Sends a close frame after which nothing is said or read. The socket is closed in a way that lets the client read
    /// it: bytes that wait on it unread would reset the connection.
    private func sendLast(_ code: WebSocketErrorCode?) {
        guard let context else { return }
        phase = .lingering
        settleWait()
        let sent = context.eventLoop.makePromise(of: Void.self)
        let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
        sent.futureResult.whenComplete { _ in connection.value.context?.close(mode: .output, promise: nil) }
        send(.connectionClose, CloseContent.make(code), sent: sent)
    }

    func send(_ opcode: WebSocketOpcode, _ content: ByteBuffer = ByteBuffer(), sent: EventLoopPromise<Void>? = nil) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, data: content)
        if let context {
            context.writeAndFlush(wrapOutboundOut(frame), promise: sent)
        } else {
            sent?.fail(StreamError.clientLeft)
        }
    }
}
