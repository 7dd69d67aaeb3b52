import NIOCore

extension Connection {
    /// Has an answer made when its time has come, or answers why it is not waited for.
    ///
    /// - Parameter fields: those of the response that stands in the answer's place until then.
    func begin(_ later: LaterAnswer, _ fields: HeaderFields, _ exchange: Exchange) {
        let answer = LaterEnd(fields: fields, answer: later.answer)
        // There is nothing to wait for once the client, or the server, is about to go.
        guard !hasInputEnded, !shared.connections.isDraining else { return run(answer) }
        do throws(RefusalReason) {
            self.exchange?.place = try shared.connections.places.take(by: later.holders)
        } catch {
            send(answer.completed(refusal(error, exchange)))
            return
        }
        phase = .waiting
        let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let event = later.event
        let waiting = Task(executorPreference: loop.executor) {
            do {
                try await event()
                connection.value.endWait(answer, nil)
            } catch {
                connection.value.endWait(answer, error)
            }
        }
        task = waiting
        limit = loop.eventLoop.scheduleTask(in: TimeAmount(later.limit)) { waiting.cancel() }
    }

    /// Goes on when it has happened, or is no longer waited for.
    private func endWait(_ end: LaterEnd, _ failure: (any Error)?) {
        leavePlace()
        limit?.cancel()
        limit = nil
        guard phase == .waiting else { return endExchange(status: .ok) }
        phase = .answering
        // A wait that was cut short is no failure: what stands then is the answer.
        if let failure, !(failure is CancellationError) { conclude(failure) } else { run(end) }
    }

    /// Makes the answer. The task of the wait may be cancelled, so it has one of its own.
    private func run(_ end: LaterEnd) {
        let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let started = Task.immediate(executorPreference: loop.executor) {
            do {
                connection.value.conclude(end.completed(try await end.answer()))
            } catch {
                connection.value.conclude(error)
            }
        }
        if phase == .answering { task = started }
    }

    /// Sends the answer that fits the error of a later answer, and goes on.
    private func conclude(_ error: any Error) {
        guard let exchange else { return }
        conclude(
            shared.router.answer(
                to: error, refused(exchange), route: exchange.route, logger: shared.logger))
    }

    /// Gives back the place of a client that waits no longer.
    func leavePlace() {
        guard let place = exchange?.place else { return }
        exchange?.place = nil
        shared.connections.places.leave(place)
    }
}

/// What is kept for a client that waits.
private struct LaterEnd: Sendable {
    let fields: HeaderFields
    let answer: Router.Answer

    /// An answer with the fields that it has not itself.
    func completed(_ response: Response) -> Response {
        var response = response
        for (name, value) in fields where !response.headers.contains(name) { response.headers.add(name, value) }
        return response
    }
}
