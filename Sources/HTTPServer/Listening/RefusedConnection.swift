import NIOCore

/// Answers a connection beyond the limit with 503, before it has sent anything, and closes it.
final class RefusedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let shared: ServerContext
    private let loop: LoopConnections

    init(shared: ServerContext, _ loop: LoopConnections) {
        self.shared = shared
        self.loop = loop
    }

    func channelActive(context: ChannelHandlerContext) {
        let identifier = loop.identifier()
        let peer = context.remoteAddress.map(Peer.init)
        let request = RefusedRequest(
            identifier: identifier, method: nil, path: nil, peer: peer ?? .address(ip: "", port: 0))
        let response = shared.router.refuse(.tooManyConnections, request)
        loop.traffic.countRefusedConnection(status: response.status)
        shared.logRefusedConnection(identifier, status: response.status)
        var bytes: [UInt8] = []
        if case .bytes(let body) = response.body { bytes = body }
        var buffer = context.channel.allocator.buffer(capacity: 640 + bytes.count)
        AnswerEncoder.write(
            head: response, framing: .length(bytes.count), isKeptAlive: false, identifier: identifier,
            date: loop.date.current(), isEncrypted: false, into: &buffer)
        buffer.writeBytes(bytes)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        context.close(mode: .output, promise: nil)
        // Time for the client to read the answer before the socket goes.
        let channel = context.channel
        context.eventLoop.scheduleTask(in: shared.closingLimit) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        shared.connections.leaveRefused()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
