import NIOCore
import NIOHTTP1

extension Connection {
    /// Has a handler answer. One that does not suspend has answered when this returns.
    func run(_ endpoint: Endpoint, _ request: Request) {
        let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let started = Task.immediate(executorPreference: loop.executor) {
            do {
                connection.value.conclude(try await endpoint.handler(request))
            } catch {
                connection.value.conclude(error, of: endpoint, request)
            }
        }
        if phase == .answering { task = started }
    }

    // These two are not inlined: what they need would be kept for each handler that is under way, up to a kilobyte.

    /// Sends a handler's answer and goes on, unless a body follows piece by piece.
    @inline(never)
    func conclude(_ response: Response) {
        if let stream = send(response) { run(stream) } else { pump() }
    }

    /// The same for the answer that fits a handler's error.
    @inline(never)
    private func conclude(_ error: any Error, of endpoint: Endpoint, _ request: Request) {
        conclude(
            shared.router.answer(
                to: error, RefusedRequest(request), route: endpoint.pattern.text, logger: shared.logger))
    }

    /// Answers what no handler answers. The connection is closed afterwards, since what follows a fault cannot be
    /// told apart from its rest.
    func refuse(_ input: RefusedInput) {
        let client = client(of: input.headers)
        let refused = RefusedRequest(
            identifier: arriving?.identifier ?? loop.identifier(), method: input.method, path: input.path,
            headers: input.headers, peer: client.peer)
        exchange = Exchange(
            identifier: refused.identifier, method: refused.method, client: client, trace: TraceContext(input.headers))
        arriving = nil
        refusedInput = nil
        phase = .answering
        send(shared.router.refuse(input.reason, refused))
    }

    /// Writes an answer. Returns the rest of a body that comes piece by piece.
    @discardableResult
    func send(_ response: Response) -> StreamedBody? {
        guard phase == .answering, let context, var exchange else {
            endExchange(status: response.status)
            return nil
        }
        if case .webSocket(let messages) = response.body {
            open(messages, response, exchange)
            return nil
        }
        if case .later(let later) = response.body {
            begin(later, response.headers, exchange)
            return nil
        }
        let response = admitted(checked(response, exchange), &exchange)
        if isLastAnswer || response.status == .upgradeRequired { exchange.isKeptAlive = false }
        let framing = framing(of: response, exchange)
        if case .untilClose = framing { exchange.isKeptAlive = false }
        self.exchange = exchange

        var bytes: [UInt8] = []
        if case .bytes(let all) = response.body, exchange.method != .HEAD, response.status.mayHaveBody { bytes = all }
        var buffer = context.channel.allocator.buffer(capacity: 640 + bytes.count)
        AnswerEncoder.write(
            head: response, framing: framing, isKeptAlive: exchange.isKeptAlive, identifier: exchange.identifier,
            date: loop.date.current(), isEncrypted: exchange.client.transport.isEncrypted, into: &buffer)
        buffer.writeBytes(bytes)

        guard let write = pieces(of: response, exchange) else {
            finish(buffer, status: response.status)
            return nil
        }
        phase = .streaming
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        return StreamedBody(request: exchange.identifier, status: response.status, write: write)
    }

    /// What writes a body that comes piece by piece.
    private func pieces(of response: Response, _ exchange: Exchange) -> StreamedBody.Write? {
        guard exchange.method != .HEAD, response.status.mayHaveBody else { return nil }
        switch response.body {
        case .none, .bytes, .webSocket, .later: return nil
        case .stream(let write): return write
        case .events(let events): return shared.connections.isDraining ? { _ in } : events.write
        }
    }

    /// The answer, unless it is an event stream and there is no place for one who waits.
    private func admitted(_ response: Response, _ exchange: inout Exchange) -> Response {
        guard case .events(let events) = response.body, exchange.method != .HEAD, response.status.mayHaveBody else {
            return response
        }
        do throws(RefusalReason) {
            exchange.place = try shared.connections.places.take(by: events.holders)
            return response
        } catch {
            return refusal(error, exchange)
        }
    }

    /// The answer in place of a handler's.
    func refusal(_ reason: RefusalReason, _ exchange: Exchange) -> Response {
        shared.router.refuse(reason, refused(exchange))
    }

    /// What is known of a request whose handler is over.
    func refused(_ exchange: Exchange) -> RefusedRequest {
        RefusedRequest(
            identifier: exchange.identifier, method: exchange.method, path: exchange.path, peer: exchange.client.peer)
    }

    private var isLastAnswer: Bool {
        if isLast || shared.connections.isDraining { return true }
        return hasInputEnded && !intake.hasBytes && laterParts.isEmpty
    }

    /// Writes the end of an answer and makes ready for the next request, or closes.
    func finish(_ buffer: ByteBuffer, status: HTTPResponseStatus) {
        guard let context, let exchange else { return }
        let staysOpen = exchange.isKeptAlive && !isLast
        endExchange(status: status)
        guard staysOpen else { return close(after: buffer) }
        write(buffer, context, promise: nil)
        needsFlush = true
        phase = .receiving
    }

    /// Bytes after which the client has `answerDeadline` for the rest anew.
    private static let pieceLength = 64 * 1024

    /// Writes a part of an answer, a long one in pieces: whoever takes it slowly and steadily is not cut.
    func write(_ buffer: ByteBuffer, _ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        var rest = buffer
        while rest.readableBytes > Self.pieceLength, let piece = rest.readSlice(length: Self.pieceLength) {
            let taken = context.eventLoop.makePromise(of: Void.self)
            let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
            taken.futureResult.whenSuccess { connection.value.restartWaitForRoom() }
            context.write(wrapOutboundOut(piece), promise: taken)
        }
        context.write(wrapOutboundOut(rest), promise: promise)
    }

    func endExchange(status: HTTPResponseStatus) {
        if let exchange {
            loop.traffic.count(exchange, status: status)
            shared.logAccess(exchange, status: status, on: loop)
        }
        leavePlace()
        exchange = nil
        task = nil
        leaveIfDone()
    }

    /// Sends the last bytes and closes in a way that lets the client read them: a socket that is closed while bytes
    /// wait on it unread resets the connection, and the answer is lost (RFC 9112, section 9.6).
    ///
    /// - Parameter lingers: `false` where no bytes of the client's can be on their way.
    func close(after buffer: ByteBuffer, lingers: Bool = true) {
        guard let context else { return }
        phase = .closing
        intake.discard()
        laterParts.removeAll()
        let sent = context.eventLoop.makePromise(of: Void.self)
        let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
        sent.futureResult.whenComplete { _ in
            connection.value.closeOutput(lingers: lingers)
        }
        needsFlush = false
        write(buffer, context, promise: sent)
        context.flush()
        settleWait()
    }

    private func closeOutput(lingers: Bool) {
        guard phase == .closing, let context else { return }
        phase = .lingering
        settleWait()
        context.close(mode: hasInputEnded || !lingers ? .all : .output, promise: nil)
    }

    private func framing(of response: Response, _ exchange: Exchange) -> AnswerEncoder.Framing {
        guard response.status.mayHaveBody else { return .bodiless }
        switch response.body {
        case .none: return .length(0)
        case .bytes(let bytes): return .length(bytes.count)
        case .stream, .events, .webSocket, .later:
            if exchange.method == .HEAD { return .bodiless }
            return exchange.acceptsChunks ? .chunked : .untilClose
        }
    }

    /// The answer, unless its fields would end the header early and let a value write the rest of the message.
    private func checked(_ response: Response, _ exchange: Exchange) -> Response {
        guard !response.headers.isSafe else { return response }
        shared.logger.error(
            "an answer's header fields are not valid",
            metadata: ["request_id": "\(exchange.identifier)", "route": "\(exchange.route)"])
        return refusal(.internalError, exchange)
    }
}

extension HTTPResponseStatus {
    /// Whether an answer with this status has a body (RFC 9110, section 6.4.1).
    var mayHaveBody: Bool { code >= 200 && code != 204 && code != 304 }
}

extension HeaderFields {
    /// Whether all names are tokens and no value holds a control character (RFC 9110, section 5.5).
    var isSafe: Bool {
        wrapped.allSatisfy { name, value in
            !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
                && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
        }
    }
}
