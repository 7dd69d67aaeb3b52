/// What a WebSocket's client is told (RFC 6455): text, and nothing else.
///
/// A message is taken from its sequence when the client has room for it. A ping goes out every
/// `ServerConfiguration.heartbeatInterval`, and its answer is waited for. Iterating is cancelled when the client leaves,
/// and when the server shuts down (close code 1001).
public struct WebSocketMessages: Sendable {
    /// What happens to a message from the client.
    public enum Incoming: Sendable {
        /// It is read and dropped.
        case ignored
        /// The WebSocket is closed (1003).
        case refused
    }

    let incoming: Incoming
    let holders: [String]
    let write: @Sendable (WebSocketWriter) async throws -> Void

    /// The messages of a sequence, which is iterated once. When it ends, the WebSocket is closed (1000); when it
    /// throws, with 1011 and a line in the log.
    fileprivate init<Messages: AsyncSequence & Sendable>(
        _ messages: Messages, incoming: Incoming, by holders: [String]
    ) where Messages.Element == String {
        self.incoming = incoming
        self.holders = holders
        write = { writer in
            for try await message in messages { try await writer.write(message) }
        }
    }
}

extension Response {
    /// Makes the connection a WebSocket, for a `GET` route: whatever else the route answers is an ordinary answer.
    ///
    /// The server checks the handshake: 426 for a request that asks for no WebSocket of version 13, 400 for one that
    /// asks wrongly; 503 or 429 where there is no place for one more who waits (`ServerConfiguration.maximumWaiting`). No
    /// subprotocol and no extension is agreed on. A browser lets any page open a WebSocket: a route that trusts a cookie
    /// looks at `Origin`.
    ///
    /// - Parameter holders: names of who waits, each of which may hold a tenth of all places.
    public static func webSocket<Messages: AsyncSequence & Sendable>(
        _ messages: Messages, incoming: WebSocketMessages.Incoming = .ignored, by holders: [String] = []
    ) -> Response where Messages.Element == String {
        Response(
            status: .switchingProtocols,
            body: .webSocket(WebSocketMessages(messages, incoming: incoming, by: holders)))
    }
}
