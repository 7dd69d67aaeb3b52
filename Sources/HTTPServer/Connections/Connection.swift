import NIOCore
import NIOHTTP1

/// One connection: takes one request at a time from the intake, has it answered, and then takes the next, so that
/// answers leave in the order of their requests.
///
/// Everything here happens on the connection's event loop, handlers included, until they suspend.
final class Connection: ChannelInboundHandler, RemovableChannelHandler, LoopConnection {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// Waiting for a request, or in the middle of one.
        case receiving
        /// A request is here whole and has not been passed on.
        case complete
        /// A handler works on it.
        case answering
        /// The handler is over, and its answer is made once something has happened.
        case waiting
        /// The header of the answer is sent and its body follows piece by piece.
        case streaming
        /// The last answer is on its way to the client.
        case closing
        /// The last answer is sent, and the client is given time to read it and to close.
        case lingering
        case closed
    }

    /// What the client has to do next, and by when.
    enum Wait {
        case nothing
        case nextRequest
        /// The time for a sign of life in an event stream.
        case heartbeat
        case restOfRequest
        case room
        case clientsClose
    }

    let shared: ServerContext
    let loop: LoopConnections
    let intake: RequestIntake
    private(set) var peer: Peer
    private let transport: Transport
    /// Whether the other end may say for whom it speaks.
    private var isProxy = false
    var context: ChannelHandlerContext?

    var phase = Phase.receiving
    var wait = Wait.nothing
    var deadline = NIODeadline.distantFuture

    /// Parts of later requests that the parser found in the same slice.
    var laterParts = CircularBuffer<HTTPServerRequestPart>(initialCapacity: 1)
    var refusedInput: RefusedInput?
    /// Whether what arrives is dropped, because the request before it cannot be taken.
    var hasStopped = false
    var arriving: ArrivingRequest?
    var hasHadRequest = false
    var bytesSinceBoundary = 0
    var passedBoundary = false
    var hasInputEnded = false

    var exchange: Exchange?
    var isLast = false
    var task: Task<Void, Never>?
    /// When an answer that waits is made at the latest.
    var limit: Scheduled<Void>?
    var room: CheckedContinuation<Void, any Error>?
    var needsFlush = false
    private var isPumping = false

    init(
        shared: ServerContext, loop: LoopConnections, intake: RequestIntake, peer: Peer?,
        transport: Transport = Transport()
    ) {
        self.shared = shared
        self.loop = loop
        self.intake = intake
        self.peer = peer ?? .address(ip: "", port: 0)
        self.transport = transport
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Takes and answers requests until there is none, or a handler or the client has to do something first.
    func pump() {
        guard !isPumping, context != nil else { return }
        isPumping = true
        defer { isPumping = false }
        repeat {
            while advance() {}
            flush()
        } while canAdvance
        if hasInputEnded && phase == .receiving && isWritable { close(after: ByteBuffer()) }
        settleWait()
    }

    private var canAdvance: Bool {
        switch phase {
        case .complete: true
        case .receiving:
            isWritable && (!laterParts.isEmpty || intake.hasBytes || refusedInput != nil)
        default: false
        }
    }

    private func advance() -> Bool {
        guard canAdvance else { return false }
        if phase == .complete {
            passOn()
        } else if let part = laterParts.popFirst() {
            receive(part)
        } else if let refusedInput {
            refuse(refusedInput)
        } else {
            feed()
        }
        return true
    }

    private func flush() {
        guard needsFlush else { return }
        needsFlush = false
        context?.flush()
    }

    /// Says once, when client and handler are both gone, that this connection is no more.
    func leaveIfDone() {
        guard phase == .closed, exchange == nil, loop.remove(self) else { return }
        shared.connections.leave()
    }

    // MARK: Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.insert(self)
        // After a handshake the channel has been active for a while.
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
    }

    private func begin(_ context: ChannelHandlerContext) {
        if case .address(ip: "", _) = peer, let address = context.remoteAddress {
            peer = Peer(address)
        }
        let proxies = shared.configuration.proxies
        isProxy = proxies.contain(peer)
        if !isProxy, !transport.isEncrypted, !proxies.admitDirectly(peer) {
            return close(after: TrustedProxies.refusal)
        }
        settleWait()
        if shared.connections.isDraining { drain() }
    }

    /// Who sent a request with these fields.
    func client(of headers: HeaderFields) -> ForwardedClient {
        guard isProxy else { return ForwardedClient(peer: peer, transport: transport) }
        return shared.configuration.proxies.client(of: headers, from: peer)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch phase {
        case .receiving where hasStopped: break
        case .receiving where laterParts.isEmpty && refusedInput == nil: receive(part)
        case .receiving, .complete, .answering, .waiting, .streaming: laterParts.append(part)
        case .closing, .lingering, .closed: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        pump()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        if let room {
            self.room = nil
            room.resume()
        }
        if wait == .room { wait = .nothing }
        pump()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        hasInputEnded = true
        // Who asks for a stream and then closes one side has, as a rule, closed both.
        if phase == .streaming || phase == .lingering { return cut() }
        if phase == .waiting { task?.cancel() }
        pump()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The parser also throws what it reports here, and that is answered.
        if error is HTTPParserError { return }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if phase == .streaming || phase == .waiting { task?.cancel() }
        phase = .closed
        wait = .nothing
        room?.resume(throwing: StreamError.clientLeft)
        room = nil
        leaveIfDone()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        phase = .closed
        leaveIfDone()
    }
}
