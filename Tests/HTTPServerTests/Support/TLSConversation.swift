import NIOCore
import NIOEmbedded

@testable import HTTPServer

/// A client in memory and a `TLSHandler` on a channel without a socket, and what passes between them.
final class TLSConversation {
    let client: TLSClient
    let channel = EmbeddedChannel()
    let behind = Behind()
    let front = Front()
    /// Bytes at a time from the client to the handler.
    var pieces = Int.max

    init(_ context: TLSContext, client: TLSClient) throws {
        self.client = client
        guard let session = TLSSession(context) else { throw TLSClient.Failure(reason: "no session") }
        try channel.pipeline.syncOperations.addHandlers([
            front, TLSHandler(session) { ByteBuffer(string: "no TLS") }, behind,
        ])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }

    /// Carries bytes both ways until both are silent.
    func exchange() throws {
        while true {
            let fromClient = client.take()
            try arrive(fromClient)
            let fromServer = try leaving()
            client.give(fromServer)
            if fromClient.isEmpty && fromServer.isEmpty { return }
            if try client.shakeHands() { try client.read() }
        }
    }

    /// The handshake, as far as it goes.
    func shakeHands() throws {
        _ = try client.shakeHands()
        try exchange()
    }

    /// Bytes from the client's side reach the handler.
    func arrive(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(pieces)
            channel.pipeline.fireChannelRead(NIOAny(ByteBuffer(bytes: piece)))
            channel.pipeline.fireChannelReadComplete()
            rest = rest.dropFirst(piece.count)
        }
    }

    /// What the handler wants to send.
    func leaving() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += Array(buffer.readableBytesView) }
        return bytes
    }
}

/// Behind the handler under test: notes what it is told.
final class Behind: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var received = ""
    var transport: Transport?
    var inputEnds = 0
    var faults: [TLSFault] = []

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? HandshakeEnded { transport = event.transport }
        if let event = event as? ChannelEvent, event == .inputClosed { inputEnds += 1 }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let fault = error as? TLSFault { faults.append(fault) }
    }
}

/// In front of the handler under test: notes what it asks of the socket.
final class Front: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    var reads = 0
    var writes = 0
    /// Of the writes, those that somebody hears of.
    var heardOf = 0
    var closes: [CloseMode] = []

    func read(context: ChannelHandlerContext) {
        reads += 1
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        writes += 1
        if promise != nil { heardOf += 1 }
        context.write(data, promise: promise)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        closes.append(mode)
        // A channel without a socket knows no half close.
        if mode == .all { context.close(mode: mode, promise: promise) } else { promise?.succeed(()) }
    }
}
