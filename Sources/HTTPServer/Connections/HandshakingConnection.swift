import NIOCore

/// A connection whose handshake is under way. It counts among the connections, has its time, and gives its place to a
/// `Connection` when the handshake is over.
final class HandshakingConnection: ChannelInboundHandler, RemovableChannelHandler, LoopConnection {
    typealias InboundIn = ByteBuffer

    private let shared: ServerContext
    private let loop: LoopConnections
    private let counters: HandshakeCounters
    private var context: ChannelHandlerContext?
    private var deadline = NIODeadline.distantFuture
    /// Of the answer to a client that speaks no TLS.
    private var identifier: RequestIdentifier?

    init(shared: ServerContext, loop: LoopConnections, counters: HandshakeCounters) {
        self.shared = shared
        self.loop = loop
        self.counters = counters
    }

    func checkDeadline(_ now: NIODeadline) {
        if now >= deadline { cut() }
    }

    func drain() { deadline = min(deadline, loop.deadline(after: shared.firstRequestGrace)) }

    func cut() { context?.close(promise: nil) }

    /// What a client is told that speaks HTTP without TLS, under an id that the log has too.
    func answerPlainHTTP() -> ByteBuffer {
        let identifier = loop.identifier()
        self.identifier = identifier
        return PlainHTTP.answer(identifier, date: loop.date.current())
    }

    // MARK: Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.insert(self)
        deadline = loop.deadline(after: shared.handshakeDeadline)
    }

    func channelActive(context: ChannelHandlerContext) {
        if shared.connections.isDraining { drain() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? HandshakeEnded { becomeConnection(context, event.transport) }
    }

    private func becomeConnection(_ context: ChannelHandlerContext, _ transport: Transport) {
        let intake = RequestIntake()
        let connection = Connection(
            shared: shared, loop: loop, intake: intake, peer: context.remoteAddress.map(Peer.init),
            transport: transport)
        do {
            try context.pipeline.syncOperations.addHandlers([intake, connection], position: .after(self))
        } catch {
            return cut()
        }
        counters.count(isComplete: true)
        // From here on the place is the connection's.
        loop.remove(self)
        context.pipeline.removeHandler(self, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        shared.logHandshake(error, identifier)
        // Time for the client to read why, before the socket goes.
        deadline = error is TLSFault ? min(deadline, loop.deadline(after: shared.closingLimit)) : .now()
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        leave()
    }

    private func leave() {
        guard loop.remove(self) else { return }
        counters.count(isComplete: false)
        shared.connections.leave()
    }
}
