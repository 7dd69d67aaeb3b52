/// The body of an answer of server-sent events.
///
/// An event is taken from its sequence when the client has room for it. While there is none, a comment is sent every
/// `ServerConfiguration.heartbeatInterval`. Iterating is cancelled when the client leaves, and when the server shuts
/// down, where the answer ends whole: the client comes back with `Last-Event-ID`.
public struct EventStream: Sendable {
    let holders: [String]
    let write: @Sendable (StreamWriter) async throws -> Void

    /// The events of a sequence, which is iterated once. When it ends, the answer ends; when it throws, the connection
    /// is cut.
    fileprivate init<Events: AsyncSequence & Sendable>(
        _ events: Events, by holders: [String]
    ) where Events.Element == ServerSentEvent {
        self.holders = holders
        write = { writer in
            for try await event in events { try await writer.write(event.text) }
        }
    }
}

extension Response {
    /// An answer of server-sent events, for a `GET` route.
    ///
    /// Where there is no place for one more who waits it is refused: see `ServerConfiguration.maximumWaiting`.
    ///
    /// - Parameter holders: names of who waits, each of which may hold a tenth of all places.
    public static func events<Events: AsyncSequence & Sendable>(
        _ events: Events, by holders: [String] = []
    ) -> Response where Events.Element == ServerSentEvent {
        // The second field tells nginx not to hold events back.
        let headers: HeaderFields = ["Content-Type": "text/event-stream", "X-Accel-Buffering": "no"]
        return Response(status: .ok, headers: headers, body: .events(EventStream(events, by: holders)))
    }
}
