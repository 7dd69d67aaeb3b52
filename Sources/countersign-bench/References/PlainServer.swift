import ArgumentParser
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix

/// The reference for the HTTP layer: a SwiftNIO handler that decodes a small JSON object and answers with another,
/// and does nothing else that a server must.
struct PlainServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve-plain", shouldDisplay: false)

    @Option var port: Int

    func run() async throws {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.backlog, value: 1024)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(PlainHandler())
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        try await channel.closeFuture.get()
    }
}

/// The objects that are sent and answered, as small as those of a send.
struct SmallRequest: Codable {
    var to: String
    var app: String

    static let json = #"{"to":"+4915112345678","app":"Benchmark"}"#
}

/// The answer of the same size as that of a send.
struct SmallAnswer: Codable {
    var success = true
    var reqID: String
    var status = "dispatched"

    enum CodingKeys: String, CodingKey {
        case success
        case reqID = "req_id"
        case status
    }
}

private final class PlainHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let decoder = JSONDecoder()
    private let encoder = JSONEncoder()
    private var body = ByteBuffer()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: body.clear()
        case .body(var part): body.writeBuffer(&part)
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        var status = HTTPResponseStatus.ok
        var bytes = Data()
        do {
            let request = try decoder.decode(SmallRequest.self, from: Data(body.readableBytesView))
            bytes = try encoder.encode(SmallAnswer(reqID: "oe_\(request.to.dropFirst())"))
        } catch {
            status = .badRequest
        }
        let headers: HTTPHeaders = ["Content-Type": "application/json", "Content-Length": "\(bytes.count)"]
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
