import EnclaveLink

/// Requests that are answered by another thread than the one that reads frames.
extension EnclaveCore {
    /// As many signed answers leave in one write while further ones wait to be signed; each write wakes the host.
    static let signedAnswersPerWrite = 4

    func createSigningKey(_ exchange: Exchange) {
        do {
            let request = try exchange.request(CreateSigningKey.self)
            try later(exchange, on: parts.keyMaking) { [keys] () throws(EnclaveError) in try keys.create(request) }
        } catch {
            exchange.fail(error)
        }
    }

    func verifyCaptcha(_ exchange: Exchange) {
        do throws(EnclaveError) {
            let request = try exchange.request(VerifyCaptcha.self)
            guard VerifyCaptcha.deadlines.contains(request.deadline) else { throw EnclaveError(.requestRefused) }
            parts.captcha.verify(request) { [exchange = exchange.wayBack] outcome in
                exchange.succeed(outcome)
                exchange.answers.flush()
            }
        } catch {
            exchange.fail(error)
        }
    }

    /// Has a thread of the signing pool, or of another queue, do the whole of `work`. Where the pool has no room nothing
    /// is counted. The time is taken when the work begins, so that waiting gives no attempt more life.
    func answerLater<Request: EnclaveRequest>(
        _ exchange: Exchange, _ type: Request.Type, on queue: (any JobQueue)? = nil,
        _ work: @escaping @Sendable (Request, EnclaveInstant) throws(EnclaveError) -> Request.Reply
    ) {
        do throws(EnclaveError) {
            let request = try exchange.request(type)
            try later(exchange, on: queue ?? parts.signing, answersPerWrite: Self.signedAnswersPerWrite) {
                [clock = parts.clock] () throws(EnclaveError) in try work(request, clock.now)
            }
        } catch {
            exchange.fail(error)
        }
    }

    func later<Reply: FrameCodable & Sendable>(
        _ exchange: Exchange, on queue: any JobQueue, answersPerWrite: Int = 1,
        _ work: @escaping @Sendable () throws(EnclaveError) -> Reply
    ) throws(EnclaveError) {
        let submitted = queue.submit { [exchange = exchange.wayBack] in
            do throws(EnclaveError) {
                exchange.succeed(try work())
            } catch {
                exchange.fail(error)
            }
            // Whoever runs the next job comes by here again.
            exchange.answers.flush(gathered: queue.hasWaiting ? answersPerWrite : 1)
        }
        guard submitted else { throw EnclaveError(.overloaded) }
    }
}
