import NIOCore

/// A handler's wait for something to happen.
final class OngoingWait: Sendable {
    /// Ends the wait; the handler goes on.
    let cancel: @Sendable () -> Void

    init(cancel: @escaping @Sendable () -> Void) {
        self.cancel = cancel
    }
}

extension Connection {
    /// Takes note of a wait, and cancels it when its limit is over, the client leaves, or the server shuts down. It is
    /// cancelled at once where one of these has happened, or as many clients wait as may.
    func beginWait(_ wait: OngoingWait, for request: RequestIdentifier, atMost limit: Duration) {
        guard phase == .answering, exchange?.identifier == request, !hasInputEnded, !shared.connections.isDraining,
            shared.connections.takePlace()
        else { return wait.cancel() }
        let end = loop.eventLoop.scheduleTask(in: TimeAmount(limit), wait.cancel)
        waits.append(NotedWait(wait: wait, end: end))
    }

    /// Forgets a wait that is over.
    func endWait(_ wait: OngoingWait) {
        guard let index = waits.firstIndex(where: { $0.wait === wait }) else { return }
        waits.remove(at: index).end.cancel()
        shared.connections.leavePlace()
    }

    /// Cancels all waits, so that the handler answers with what it has.
    func interruptWaits() {
        for noted in waits { noted.wait.cancel() }
    }
}

/// A wait that has a place among those of all clients, and a time to end.
struct NotedWait {
    let wait: OngoingWait
    let end: Scheduled<Void>
}
