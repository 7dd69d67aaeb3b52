import NIOCore
import NIOWebSocket

/// A connection that has become a WebSocket. It takes over from `Connection`, on the same event loop.
final class WebSocketConnection: ChannelDuplexHandler, LoopConnection {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    enum Phase {
        case open
        /// A close frame is sent, and the client's is waited for.
        case closing
        /// Nothing more is sent or read; the client is given time to read the close frame and to close.
        case lingering
        case closed
    }

    /// What the client has to do next, or the server, and by when.
    enum Wait {
        case nothing
        case heartbeat
        case pong
        case room
        case clientsClose
    }

    let shared: ServerContext
    let loop: LoopConnections
    private let exchange: Exchange
    private let messages: WebSocketMessages
    var context: ChannelHandlerContext?

    var phase = Phase.open
    var wait = Wait.nothing
    var deadline = NIODeadline.distantFuture

    var reader: FrameReader
    var framesSincePing = 0
    var isPongDue = false
    private var isReadHeld = false

    private var task: Task<Void, Never>?
    private var room: CheckedContinuation<Void, any Error>?

    /// - Parameter exchange: the request that asked for the WebSocket.
    init(shared: ServerContext, loop: LoopConnections, exchange: Exchange, messages: WebSocketMessages) {
        self.shared = shared
        self.loop = loop
        self.exchange = exchange
        self.messages = messages
        reader = FrameReader(maximumMessageBytes: shared.configuration.maximumMessageBytes)
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    var incoming: WebSocketMessages.Incoming { messages.incoming }

    /// Begins to send messages.
    func start() {
        let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let writer = WebSocketWriter(self, eventLoop: loop.eventLoop)
        let write = messages.write
        task = Task(executorPreference: loop.executor) {
            do {
                try await write(writer)
                connection.value.end(nil)
            } catch {
                connection.value.end(error)
            }
        }
        settleWait()
        if shared.connections.isDraining { drain() }
    }

    /// Sends a message.
    func write(_ message: String, room waiting: CheckedContinuation<Void, any Error>) {
        guard phase == .open else { return waiting.resume(throwing: StreamError.clientLeft) }
        send(.text, ByteBuffer(string: message))
        // The flush may have found the client gone.
        guard phase == .open else { return waiting.resume(throwing: StreamError.clientLeft) }
        if isWritable { waiting.resume() } else { room = waiting }
        settleWait()
    }

    /// The messages are over.
    private func end(_ error: (any Error)?) {
        task = nil
        if phase == .open {
            if let error { log(error) }
            close(error == nil ? .normalClosure : .unexpectedServerError)
        }
        leaveIfDone()
    }

    private func log(_ error: any Error) {
        shared.logger.error(
            "a WebSocket's messages ended early",
            metadata: ["request_id": "\(exchange.identifier)", "route": "\(exchange.route)", "error": "\(error)"])
    }

    /// Stops the messages: nobody takes them any more.
    func stopMessages() {
        task?.cancel()
        room?.resume(throwing: StreamError.clientLeft)
        room = nil
    }

    private func leaveIfDone() {
        guard phase == .closed, task == nil, loop.remove(self) else { return }
        loop.traffic.count(exchange, status: .switchingProtocols)
        shared.logAccess(exchange, status: .switchingProtocols, on: loop)
        if let place = exchange.place { shared.connections.places.leave(place) }
        shared.connections.leave()
    }

    // MARK: Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.insert(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        receive(&bytes)
    }

    func read(context: ChannelHandlerContext) {
        // A client that sends without reading what it is answered is read no further.
        if isWritable { context.read() } else { isReadHeld = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        room?.resume()
        room = nil
        settleWait()
        guard isReadHeld else { return }
        isReadHeld = false
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { cut() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        cut()
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .closed
        settleWait()
        stopMessages()
        leaveIfDone()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        phase = .closed
        leaveIfDone()
    }
}
