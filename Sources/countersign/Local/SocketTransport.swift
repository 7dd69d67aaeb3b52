import FoundationEssentials
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// HTTP over the Unix socket of the server that runs on a data folder.
struct SocketTransport: Transport {
    let path: String

    func send(_ request: CommandRequest, _ take: (@Sendable (Data) -> Void)?) async throws -> CommandResponse {
        let answer = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: CommandResponse.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: answer.futureResult.eventLoop)
                .channelInitializer { channel in
                    channel.pipeline.addHTTPClientHandlers().flatMap {
                        channel.pipeline.addHandler(AnswerCollector(answer, take))
                    }
                }
                .connect(unixDomainSocketPath: path).get()
        } catch {
            let failure = failure(error)
            answer.fail(failure)
            throw failure
        }
        write(request, to: channel)
        return try await answer.futureResult.get()
    }

    private func failure(_ error: any Error) -> CommandError {
        guard (error as? IOError)?.errnoCode == EACCES else {
            return CommandError(
                "no server is running on this data folder (\(path)). Start one with: countersign serve --data DIR")
        }
        return CommandError("\(path) belongs to another user: run this as the server's user, or use --server and --key")
    }

    private func write(_ request: CommandRequest, to channel: any Channel) {
        var head = HTTPRequestHead(version: .http1_1, method: .RAW(value: request.method), uri: request.path)
        head.headers.add(name: "Host", value: "localhost")
        head.headers.add(name: "Connection", value: "close")
        for (name, value) in request.headers { head.headers.add(name: name, value: value) }
        let body = request.body ?? Data()
        head.headers.add(name: "Content-Length", value: String(body.count))
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    }
}

/// Collects one answer, or hands a success on as it comes.
private final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let answer: EventLoopPromise<CommandResponse>
    private let take: (@Sendable (Data) -> Void)?
    private var collected = CommandResponse(status: 0, body: Data())

    init(_ answer: EventLoopPromise<CommandResponse>, _ take: (@Sendable (Data) -> Void)?) {
        self.answer = answer
        self.take = take
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            collected.status = Int(head.status.code)
            collected.retryAfter = head.headers.first(name: "Retry-After").flatMap { Int($0) }
        case .body(let buffer):
            if let take, collected.status == 200 { return take(Data(buffer.readableBytesView)) }
            collected.body.append(contentsOf: buffer.readableBytesView)
        case .end:
            answer.succeed(collected)
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(Self.cut)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { answer.fail(Self.cut) }

    private static let cut = CommandError("the server closed the connection without an answer: look in its log")
}
