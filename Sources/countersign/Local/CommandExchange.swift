import FoundationEssentials
import HTTPServer
import NIOCore
import NIOHTTP1

/// One request of a command on its way, and what is waited for.
struct CommandExchange: Sendable {
    let request: CommandRequest
    /// The server, as the `Host` field names it.
    let authority: String
    /// Gets the body of a success piece by piece; nil where the answer is collected.
    let take: (@Sendable (Data) -> Void)?
    let answer: EventLoopPromise<CommandResponse>

    var head: HTTPRequestHead {
        var head = HTTPRequestHead(version: .http1_1, method: .RAW(value: request.method), uri: request.path)
        head.headers.add(name: "Host", value: authority)
        for (name, value) in request.headers { head.headers.add(name: name, value: value) }
        head.headers.add(name: "Content-Length", value: String(request.body?.count ?? 0))
        return head
    }
}

/// Has exchanges on one connection, one after the other. What is written to it are `CommandExchange`s.
///
/// Never leaves its event loop.
final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = CommandExchange
    typealias OutboundOut = HTTPClientRequestPart

    private let patience: AnswerPatience?
    private let ready: EventLoopPromise<Void>
    private let isEncrypted: Bool

    private var exchange: CommandExchange?
    private var collected = CommandResponse(status: 0, body: Data())
    private var staysOpen = true
    private var silence: Scheduled<Void>?
    private var whole: Scheduled<Void>?

    /// - Parameters:
    ///   - patience: nil for a server that may take its time.
    ///   - ready: hears when the connection can be used, or why it cannot.
    init(_ patience: AnswerPatience?, isEncrypted: Bool, ready: EventLoopPromise<Void>) {
        self.patience = patience
        self.isEncrypted = isEncrypted
        self.ready = ready
    }

    func handlerAdded(context: ChannelHandlerContext) { watchSilence(context) }

    func channelActive(context: ChannelHandlerContext) {
        if !isEncrypted { becomeReady() }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is HandshakeEnded { becomeReady() }
        context.fireUserInboundEventTriggered(event)
    }

    private func becomeReady() {
        silence?.cancel()
        ready.succeed(())
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        self.exchange = exchange
        collected = CommandResponse(status: 0, body: Data())
        watchSilence(context)
        watchWhole(context)
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if let body = exchange.request.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let exchange else { return context.close(promise: nil) }
        watchSilence(context)
        switch unwrapInboundIn(data) {
        case .head(let head):
            staysOpen = head.isKeepAlive
            collected.status = Int(head.status.code)
            collected.retryAfter = head.headers.first(name: "Retry-After").flatMap { Int($0) }
        case .body(let buffer):
            let piece = Data(buffer.readableBytesView)
            if let take = exchange.take, collected.status == 200 { return take(piece) }
            if let patience, collected.body.count + piece.count > patience.size {
                return fail(context, AnswerFault.tooLarge(patience.size))
            }
            collected.body += piece
        case .end:
            let answer = collected
            let ended = takeExchange()
            // First: who has the answer may send the next request at once, and must not find this connection open.
            if !staysOpen { context.close(promise: nil) }
            ended?.answer.succeed(answer)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A connection that was reset has ended, too.
        fail(context, error is IOError && exchange != nil ? end : error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(context, end)
        context.fireChannelInactive()
    }

    private var end: ConnectionEnded { ConnectionEnded(beganAnswer: collected.status != 0) }

    private func fail(_ context: ChannelHandlerContext, _ error: any Error) {
        ready.fail(error)
        takeExchange()?.answer.fail(error)
        context.close(promise: nil)
    }

    /// The exchange that has ended, whose promise is to be kept.
    private func takeExchange() -> CommandExchange? {
        silence?.cancel()
        whole?.cancel()
        defer { exchange = nil }
        return exchange
    }

    private func watchSilence(_ context: ChannelHandlerContext) {
        silence?.cancel()
        guard let patience else { return }
        silence = fail(context, .silent(patience.silence), after: patience.silence)
    }

    /// An answer that is handed on may take as long as it comes.
    private func watchWhole(_ context: ChannelHandlerContext) {
        guard let patience, exchange?.take == nil else { return }
        whole = fail(context, .slow(patience.whole), after: patience.whole)
    }

    private func fail(
        _ context: ChannelHandlerContext, _ fault: AnswerFault, after time: Duration
    ) -> Scheduled<Void> {
        let here = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: TimeAmount(time)) {
            here.value.handler.fail(here.value.context, fault)
        }
    }
}

/// The server closed the connection before its answer was whole.
struct ConnectionEnded: Error {
    let beganAnswer: Bool
}
