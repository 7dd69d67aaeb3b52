/// The body of an answer of server-sent events.
///
/// An event is taken from its sequence when the client has room for it. While there is none, a comment is sent every
/// `ServerConfiguration.heartbeatInterval`. Iterating is cancelled when the client leaves, and when the server shuts
/// down, where the answer ends whole: the client comes back with `Last-Event-ID`.
public struct EventStream: Sendable {
    let write: @Sendable (StreamWriter) async throws -> Void

    /// The events of a sequence, which is iterated once. When it ends, the answer ends; when it throws, the connection
    /// is cut.
    public init<Events: AsyncSequence & Sendable>(_ events: Events) where Events.Element == ServerSentEvent {
        write = { writer in
            for try await event in events { try await writer.write(event.text) }
        }
    }
}

extension Response {
    /// An answer of server-sent events, for a `GET` route.
    ///
    /// Where `ServerConfiguration.maximumWaiting` clients wait already, it is refused with 503.
    public static func events<Events: AsyncSequence & Sendable>(
        _ events: Events
    ) -> Response where Events.Element == ServerSentEvent {
        // The second field tells nginx not to hold events back.
        let headers: HeaderFields = ["Content-Type": "text/event-stream", "X-Accel-Buffering": "no"]
        return Response(status: .ok, headers: headers, body: .events(EventStream(events)))
    }
}
