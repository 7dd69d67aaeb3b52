import NIOCore
import NIOHTTP1

extension Connection {
    /// Lets the parser see the next slice, and checks what a message in progress has cost so far.
    func feed() {
        passedBoundary = false
        do throws(RefusalReason) {
            let length = try intake.feed()
            bytesSinceBoundary = passedBoundary ? intake.keptLength : bytesSinceBoundary + length
        } catch {
            // Requests that were whole before the fault are answered first.
            refusedInput = refusedInput ?? RefusedInput(reason: error)
            return
        }
        let limits = shared.configuration
        if arriving == nil {
            guard bytesSinceBoundary > limits.maximumHeaderBytes else { return }
            stop(.headerTooLong(limit: limits.maximumHeaderBytes, fields: limits.maximumHeaderFields))
        } else if bytesSinceBoundary > 2 * limits.maximumBodyBytes + limits.maximumHeaderBytes {
            // The length lines of tiny chunks, their extensions and the trailer count as well.
            stop(.bodyTooLong(limit: limits.maximumBodyBytes))
        }
    }

    /// Takes nothing more of the request that is arriving, nor of any after it.
    private func stop(_ reason: RefusalReason) {
        stop(RefusedInput(reason: reason, arriving?.head))
    }

    private func stop(_ input: RefusedInput) {
        laterParts.removeAll()
        hasStopped = true
        refusedInput = input
    }

    /// Takes one part of a request.
    func receive(_ part: HTTPServerRequestPart) {
        guard phase == .receiving, !hasStopped else { return }
        switch part {
        case .head(let head):
            passedBoundary = true
            receive(head)
        case .body(var bytes):
            receive(&bytes)
        case .end:
            passedBoundary = true
            phase = .complete
        }
    }

    private func receive(_ head: HTTPRequestHead) {
        hasHadRequest = true
        do throws(RefusalReason) {
            let checked = try RequestHead(head, limits: shared.configuration)
            arriving = ArrivingRequest(head: checked, identifier: loop.identifier())
            if checked.expectsContinue { sendContinue(checked) }
        } catch {
            let path = RequestTarget(head.uri, method: head.method)?.path
            var input = RefusedInput(reason: error, method: head.method, path: path)
            // A body that its length announces as too long is refused here, and its header is sound.
            if case .bodyTooLong = error { input.headers = HeaderFields(wrapping: head.headers) }
            stop(input)
        }
    }

    private func receive(_ bytes: inout ByteBuffer) {
        guard let received = arriving?.body.readableBytes else { return }
        let limit = shared.configuration.maximumBodyBytes
        guard received + bytes.readableBytes <= limit else { return stop(.bodyTooLong(limit: limit)) }
        if received == 0 {
            arriving?.body = bytes
        } else {
            arriving?.body.writeBuffer(&bytes)
        }
    }

    /// Tells a client that waits with its body to send it (RFC 9110, section 10.1.1).
    private func sendContinue(_ head: RequestHead) {
        guard head.contentLength != 0, let context else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    }

    /// Passes the request that is whole to its route.
    func passOn() {
        guard let request = arriving else { return }
        arriving = nil
        wait = .nothing
        phase = .answering
        let head = request.head
        let client = client(of: HeaderFields(wrapping: head.headers))
        exchange = Exchange(
            identifier: request.identifier, method: head.method, client: client, acceptsChunks: head.isCurrent,
            isKeptAlive: head.isKeptAlive, path: head.target.path,
            upgrade: head.hasUpgrade ? HeaderFields(wrapping: head.headers) : nil,
            start: .now(), trace: shared.logsAccess ? TraceContext(HeaderFields(wrapping: head.headers)) : nil)

        let match = shared.router.match(head.method, head.target.path)
        guard case .endpoint(let endpoint, let parameters) = match else {
            let refused = RefusedRequest(
                identifier: request.identifier, method: head.method, path: head.target.path,
                headers: HeaderFields(wrapping: head.headers), peer: client.peer)
            exchange?.trace = TraceContext(refused.headers)
            send(shared.router.answer(match, to: refused))
            return
        }
        exchange?.route = endpoint.pattern.text
        let storage = Request.Storage(
            method: head.method, target: head.target, headers: HeaderFields(wrapping: head.headers),
            body: request.body, parameters: parameters, identifier: request.identifier,
            client: client)
        run(endpoint, Request(storage: storage))
    }
}
