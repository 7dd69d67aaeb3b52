import CLinux
import Glibc
import NIOCore

/// Decides about a connection that was accepted.
enum Admission {
    /// Gives the connection its handlers, or refuses it where too many are open.
    static func admit(
        _ channel: any Channel, _ peer: Peer?, _ shared: ServerContext, _ loops: LoopDirectory
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls = shared.tls { return try admit(channel, tls, shared, loops) }
        guard shared.connections.enter() else {
            guard shared.connections.enterRefused() else { throw ChannelError.operationUnsupported }
            return try pipeline.addHandler(RefusedConnection(shared: shared, loops.connections(on: channel.eventLoop)))
        }
        let intake = RequestIntake()
        let loop = loops.connections(on: channel.eventLoop)
        let connection = Connection(shared: shared, loop: loop, intake: intake, peer: peer)
        try pipeline.addHandlers(intake, connection)
    }

    /// The same for a connection that begins with a handshake. Where too many are open it is closed without a word: a
    /// handshake, to say it, would take what there is too little of.
    private static func admit(
        _ channel: any Channel, _ tls: TLSIdentity, _ shared: ServerContext, _ loops: LoopDirectory
    ) throws {
        guard shared.connections.enter() else { throw ChannelError.operationUnsupported }
        guard let session = TLSSession(tls.context) else {
            shared.connections.leave()
            throw ChannelError.operationUnsupported
        }
        let loop = loops.connections(on: channel.eventLoop)
        let handshake = HandshakingConnection(shared: shared, loop: loop, counters: tls.counters)
        let handler = TLSHandler(session, answerPlainHTTP: handshake.answerPlainHTTP)
        try channel.pipeline.syncOperations.addHandlers([handler, handshake])
    }

    /// The same for a Unix socket, once the peer's user is known: only root and the server's own user may connect.
    static func admitLocal(
        _ channel: any Channel, _ shared: ServerContext, _ loops: LoopDirectory
    ) -> EventLoopFuture<Void> {
        guard let options = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        let credentials: EventLoopFuture<countersign_peer> = options.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        return credentials.flatMapThrowing { peer in
            guard peer.user == 0 || peer.user == geteuid() else { throw ChannelError.operationUnsupported }
            try admit(channel, .local(user: peer.user), shared, loops)
        }
    }
}
