/// An answer that is made once something has happened: a long poll.
public struct LaterAnswer: Sendable {
    let limit: Duration
    let holders: [String]
    /// Returns when it has happened. Cancelled where nobody waits for it any longer.
    let event: @Sendable () async throws -> Void
    let answer: Router.Answer
}

extension Response {
    /// An answer that `answer` makes as soon as `events` has an element, ends or throws; `limit` later at the latest, and
    /// before that where the server shuts down or the client has sent all it will send. For a client that is gone it is
    /// not made.
    ///
    /// The handler is over while the client waits, and what it held is free: only what `answer` captures is kept for each
    /// who waits. The header fields of this response are added to those of the answer.
    ///
    /// - Parameters:
    ///   - holders: names of who waits, each of which may hold a tenth of all places. Where there is no place for one
    ///     more, the client is refused at once: see `ServerConfiguration.maximumWaiting`.
    ///   - answer: makes the answer like a handler, and its errors are answered like a handler's.
    public static func later<Events: AsyncSequence & Sendable>(
        after events: Events, atMost limit: Duration, by holders: [String] = [], answer: @escaping Router.Answer
    ) -> Response {
        let later = LaterAnswer(
            limit: limit, holders: holders, event: { for try await _ in events { return } }, answer: answer)
        return Response(status: .ok, body: .later(later))
    }
}
