import NIOCore

/// Tells the handlers behind a `TLSHandler` that the handshake is over; plain bytes follow.
public struct HandshakeEnded: Sendable {
    let transport: Transport
}

/// Tells a `TLSHandler` that what was sent is not whole: the connection then ends without the word that it was.
struct AnswerBrokenOff: Sendable {}

/// TLS between the socket and the handlers behind: encrypts what they write, and hands them what was decrypted.
///
/// Small writes become records together when they are flushed; whole records are passed on before, so that the channel's
/// writability tells of them. Nothing is read while the other end does not take what it is sent.
final class TLSHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case handshake
        case open
        /// Nothing more is said: what arrives is dropped, and what is written fails.
        case failed
    }

    /// Bytes that the other end may send before the handshake is over: a hello, and a chain of certificates where it is
    /// asked for one.
    static let maximumHandshakeBytes = 32 * 1024

    private let session: TLSSession
    private var answerPlainHTTP: (() -> ByteBuffer)?
    private var phase = Phase.handshake
    private var handshakeBytes = 0
    private var hasInputEnded = false
    private var hasOutputEnded = false
    private var isEndSaid = false
    private var isReadHeld = false

    private var plaintext = ByteBuffer()
    private var promises: [EventLoopPromise<Void>] = []
    private var isFlushDue = false

    /// - Parameter answerPlainHTTP: makes what a client is told that speaks HTTP without TLS; nil where it is told nothing.
    init(_ session: TLSSession, answerPlainHTTP: (() -> ByteBuffer)? = nil) {
        self.session = session
        self.answerPlainHTTP = answerPlainHTTP
    }

    // MARK: From the other end

    func channelActive(context: ChannelHandlerContext) {
        if session.isClient {
            shakeHands(context)
            sendLeaving(context)
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase != .failed else { return }
        let bytes = unwrapInboundIn(data)
        if phase == .handshake {
            if handshakeBytes == 0, PlainHTTP.begins(bytes) { return refusePlainHTTP(context) }
            handshakeBytes += bytes.readableBytes
        }
        session.receive(bytes)
        if phase == .handshake { shakeHands(context) }
        if phase == .open { passOn(context, capacity: bytes.readableBytes) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // An answer of the protocol's own: part of a handshake, an alert, a new key.
        sendLeaving(context)
        context.fireChannelReadComplete()
    }

    private func shakeHands(_ context: ChannelHandlerContext) {
        switch session.shakeHands() {
        case .done:
            phase = .open
            answerPlainHTTP = nil
            context.fireUserInboundEventTriggered(HandshakeEnded(transport: session.facts))
            if isFlushDue { flush(context: context) }
        case .needsMore:
            if handshakeBytes > Self.maximumHandshakeBytes { fail(context, .handshakeTooLong) }
        case .inputEnded: fail(context, .refused("closed"))
        case .failed(let fault): fail(context, fault)
        }
    }

    private func passOn(_ context: ChannelHandlerContext, capacity: Int) {
        var bytes = context.channel.allocator.buffer(capacity: capacity)
        let outcome = session.read(into: &bytes)
        if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
        switch outcome {
        case .done, .needsMore: break
        case .inputEnded: endInput(context)
        case .failed(let fault): fail(context, fault)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        // Without close_notify too: HTTP/1.1 tells itself whether a request is whole (RFC 9112 §9.8).
        if phase == .open { endInput(context) } else { context.close(promise: nil) }
    }

    private func endInput(_ context: ChannelHandlerContext) {
        guard !hasInputEnded else { return }
        hasInputEnded = true
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    func read(context: ChannelHandlerContext) {
        // Who makes TLS itself answer, and takes no answer, would let what waits grow.
        if context.channel.isWritable { context.read() } else { isReadHeld = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isReadHeld, context.channel.isWritable {
            isReadHeld = false
            context.read()
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: To the other end

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard phase != .failed, !hasOutputEnded else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        var bytes = unwrapOutboundIn(data)
        if plaintext.readableBytes == 0 { plaintext = bytes } else { plaintext.writeBuffer(&bytes) }
        if let promise { promises.append(promise) }
        guard phase == .open, plaintext.readableBytes >= TLSSession.recordLength else { return }
        encrypt(context)
        guard phase == .open, let leaving = session.takeLeaving() else { return }
        // All that was written so far is in it.
        context.write(wrapOutboundOut(leaving), promise: takePromises())
    }

    func flush(context: ChannelHandlerContext) {
        guard phase == .open else {
            isFlushDue = phase == .handshake
            return
        }
        isFlushDue = false
        encrypt(context)
        guard phase == .open else { return }
        writeLeaving(context, takePromises())
        context.flush()
    }

    private func encrypt(_ context: ChannelHandlerContext) {
        guard plaintext.readableBytes > 0 else { return }
        let outcome = session.write(&plaintext)
        plaintext = ByteBuffer()
        if outcome != .done { fail(context, .refused("a write was refused")) }
    }

    /// One promise for all that wait to hear of what is sent next.
    private func takePromises() -> EventLoopPromise<Void>? {
        guard let first = promises.first else { return nil }
        for later in promises.dropFirst() { first.futureResult.cascade(to: later) }
        promises = []
        return first
    }

    private func writeLeaving(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        // What was written before its flush is in the channel already: an empty write ends behind it.
        guard let leaving = session.takeLeaving() ?? promise.map({ _ in ByteBuffer() }) else { return }
        context.write(wrapOutboundOut(leaving), promise: promise)
    }

    /// Sends what TLS itself has to say.
    private func sendLeaving(_ context: ChannelHandlerContext) {
        guard let leaving = session.takeLeaving() else { return }
        context.writeAndFlush(wrapOutboundOut(leaving), promise: nil)
    }

    // MARK: Ends

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is AnswerBrokenOff else { return context.triggerUserOutboundEvent(event, promise: promise) }
        hasOutputEnded = true
        promise?.succeed(())
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode != .input, phase == .open, !hasOutputEnded else {
            if mode != .input { failWrites() }
            return context.close(mode: mode, promise: promise)
        }
        hasOutputEnded = true
        failWrites()
        let said = context.eventLoop.makePromise(of: Void.self)
        let here = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        said.futureResult.whenComplete { _ in here.value.handler.isEndSaid = true }
        session.end()
        writeLeaving(context, said)
        context.flush()
        guard !isEndSaid else { return context.close(mode: mode, promise: promise) }
        // Who closes as soon as an answer is written is in the middle of the channel's writing: the word that it was the
        // last (`close_notify`, RFC 8446 §6.1) leaves when that is over. A client that takes nothing is not waited for.
        switch mode {
        case .output: said.futureResult.whenComplete { _ in here.value.context.close(mode: mode, promise: promise) }
        default: context.eventLoop.execute { here.value.context.close(mode: mode, promise: promise) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .failed
        failWrites()
        context.fireChannelInactive()
    }

    /// Tells the other end why, as far as TLS has a word for it, and those behind.
    private func fail(_ context: ChannelHandlerContext, _ fault: TLSFault) {
        phase = .failed
        failWrites()
        sendLeaving(context)
        // A socket that is closed while bytes wait on it unread takes the alert away again.
        context.close(mode: .output, promise: nil)
        context.fireErrorCaught(fault)
    }

    private func refusePlainHTTP(_ context: ChannelHandlerContext) {
        guard let answer = answerPlainHTTP?() else { return fail(context, .plainHTTP) }
        phase = .failed
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        context.close(mode: .output, promise: nil)
        context.fireErrorCaught(TLSFault.plainHTTP)
    }

    private func failWrites() {
        plaintext = ByteBuffer()
        let waiting = promises
        promises = []
        for promise in waiting { promise.fail(ChannelError.ioOnClosedChannel) }
    }
}
