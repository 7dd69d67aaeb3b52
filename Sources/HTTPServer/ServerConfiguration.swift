/// How much a client may send, how long it may take, and how many may be connected.
public struct ServerConfiguration: Sendable, Equatable {
    /// Bytes of the request line and the header fields together. More is answered with 431.
    public var maximumHeaderBytes = 16 * 1024
    /// Number of header fields. More is answered with 431.
    public var maximumHeaderFields = 100
    /// Bytes of the request's target. More is answered with 414.
    public var maximumTargetBytes = 8 * 1024
    /// Bytes of a request's body. More is answered with 413, before the body is read where its length is declared.
    public var maximumBodyBytes = 64 * 1024
    /// The same over a Unix socket, where only root and the server's own user are: a whole set of policies fits.
    public var maximumLocalBodyBytes = 2 * 1024 * 1024
    /// Time from a request's first byte to its last. Later is answered with 408.
    public var requestDeadline: Duration = .seconds(10)
    /// Time for the handshake of TLS, from the first moment of a connection. Later it is closed.
    public var handshakeDeadline: Duration = .seconds(10)
    /// Time for a client to take what waits to be sent: an answer, or a piece of a long or streamed one. Then the
    /// connection is cut.
    public var answerDeadline: Duration = .seconds(10)
    /// Time that a connection may stay open between two requests.
    public var idleLimit: Duration = .seconds(60)
    /// Time that a client has to close its side after the last answer, so that it can read that answer.
    public var closingLimit: Duration = .seconds(2)
    /// Time that a connection without any request so far has for its first one once the server ends, and before that as
    /// much for the rest of its handshake: its client found the server open.
    public var firstRequestGrace: Duration = .milliseconds(500)
    /// Who may say for whom it speaks. Where there are some, a listener without TLS answers nobody else but this machine.
    public var proxies = TrustedProxies()
    /// Connections open at once, all listeners together; fewer where the system allows the process fewer descriptors.
    /// Those beyond are answered with 503 and closed. From three
    /// quarters of this number on, an idle connection is closed after `requestDeadline`.
    public var maximumConnections = 12_000
    /// Clients that wait at once: event streams, WebSockets and long polls. In no case more than five sixths of the
    /// connections. Beyond they are refused with 503; and with 429 where a tenth of them, and at least one, wait under
    /// the same name already (a caller, a network), so that nobody keeps the others from waiting.
    public var maximumWaiting = 10_000
    /// Time between two signs of life to a client that is told nothing else: a comment in an event stream, a ping over
    /// a WebSocket, whose answer must come within `answerDeadline`.
    public var heartbeatInterval: Duration = .seconds(20)
    /// Bytes of a message from a WebSocket's client. More closes the WebSocket (1009).
    public var maximumMessageBytes = 4 * 1024
    /// Frames from a WebSocket's client between two pings. More closes the WebSocket (1008).
    public var maximumFrames = 64

    /// The defaults.
    public init() {}
}
