import CLinux
import Glibc
import NIOCore
import NIOPosix

/// One address that a server accepts connections on.
struct Listener: Sendable {
    let address: ListenerAddress
    private let channel: any Channel
    private let loops: LoopDirectory

    static func start(
        on address: ListenerAddress, shared: ServerContext, loops: LoopDirectory, group: any EventLoopGroup
    ) async throws -> Listener {
        let bootstrap = bootstrap(group: group)
        switch address {
        case .tcp(let host, let port):
            let channel = try await tcp(bootstrap, shared, loops).bind(host: host, port: port).get()
            return Listener(address: bound(channel) ?? address, channel: channel, loops: loops)
        case .passed(let descriptor):
            let channel = try await tcp(bootstrap, shared, loops).withBoundSocket(descriptor).get()
            return Listener(address: bound(channel) ?? address, channel: channel, loops: loops)
        case .unixSocket(let path):
            let descriptor = try UnixSocket.bind(path: path)
            let channel = try await bootstrap.childChannelInitializer { channel in
                Admission.admitLocal(channel, shared, loops)
            }.withBoundSocket(descriptor).get()
            return Listener(address: address, channel: channel, loops: loops)
        }
    }

    private static func tcp(
        _ bootstrap: ServerBootstrap, _ shared: ServerContext, _ loops: LoopDirectory
    ) -> ServerBootstrap {
        let timeout = shared.heartbeatInterval + shared.answerDeadline
        return bootstrap.childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try Admission.admit(channel, nil, shared, loops) }
        }
        .childChannelOption(ChannelOptions.tcpOption(userTimeout), value: Int(timeout.nanoseconds / 1_000_000))
        .childChannelOption(ChannelOptions.tcpOption(unsentLimit), value: unsentBytes)
    }

    private static func bound(_ channel: any Channel) -> ListenerAddress? {
        guard let address = channel.localAddress, let host = address.ipAddress, let port = address.port else {
            return nil
        }
        return .tcp(host: host, port: port)
    }

    /// The machine of a client that is gone closes nothing: the system gives up on it when nothing that was sent is
    /// acknowledged for so long, not after a quarter of an hour (RFC 5482).
    private static let userTimeout = NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)

    /// The system takes megabytes for a client that reads slowly, and tells of room when a third of it is free: whoever
    /// reads steadily would be cut, and 10,000 of them would have it keep gigabytes (tcp(7)).
    private static let unsentLimit = NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT)
    private static let unsentBytes = 128 * 1024

    private static func bootstrap(group: any EventLoopGroup) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(ChannelOptions.backlog, value: 4096)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            // Without it, a process that has no descriptor left would spin on accept().
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .childChannelOption(
                ChannelOptions.recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 1024, maximum: 16384))
    }

    /// Accepts no more, and removes the file of a Unix socket.
    func close() async {
        await stopAccepting()
        try? await channel.close().get()
        if case .unixSocket(let path) = address { unlink(path) }
    }

    /// SwiftNIO sets up what it accepted on the connection's own loop, admits it on the listener's, and drops what is
    /// still between the two when the listener closes.
    private func stopAccepting() async {
        try? await channel.setOption(ChannelOptions.autoRead, value: false).get()
        await loops.forEach { _ in }
        try? await channel.eventLoop.submit {}.get()
    }
}
