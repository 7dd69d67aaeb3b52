import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A server that answers the first request of each connection and closes it at the second, as one does whose patience
/// with an idle connection ends at the wrong moment.
final class CuttingServer: Sendable {
    private final class Count: Sendable {
        let requests = Mutex(0)
    }

    private let count = Count()
    private let channel: any Channel

    init() async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { [count] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Cutter(count))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// Requests that came, answered or not.
    var requests: Int { count.requests.withLock { $0 } }
    var url: URL? { channel.localAddress?.port.flatMap { URL(string: "http://127.0.0.1:\($0)/") } }

    func close() async throws { try await channel.close() }

    private final class Cutter: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let count: Count
        private var unread = ""
        private var answered = false

        init(_ count: Count) { self.count = count }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var buffer = unwrapInboundIn(data)
            unread += buffer.readString(length: buffer.readableBytes) ?? ""
            guard unread.contains("\r\n\r\n") else { return }
            unread = ""
            count.requests.withLock { $0 += 1 }
            guard !answered else { return context.close(promise: nil) }
            answered = true
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        }
    }
}
