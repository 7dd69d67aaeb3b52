import Figures
import Synchronization

/// What a server has answered since it started, on all its listeners, and how many are connected.
///
/// Each event loop counts for itself, so that no two of them wait for each other.
public final class Traffic: Sendable {
    private let loops = Mutex<[LoopTraffic]>([])
    private let open = Mutex<OpenConnections?>(nil)

    /// Nothing counted yet, and no server.
    public init() {}

    /// Answers by what they answered, and how long each took, from the request's last byte to the answer's.
    public var answers: [AnswerKind: DurationHistogram] {
        loops.withLock { $0 }.reduce(into: [:]) { all, loop in all.merge(loop.answers) { $0.merging($1) } }
    }

    /// The connections of now; none before there is a server.
    public var connections: ConnectionFigures {
        open.withLock { $0 }.map(ConnectionFigures.init) ?? ConnectionFigures()
    }

    /// Whether the server takes no new connections any more.
    public var isDraining: Bool { open.withLock { $0 }?.isDraining ?? false }

    func attach(_ connections: OpenConnections) { open.withLock { $0 = connections } }

    /// For an event loop that begins to count.
    func loop() -> LoopTraffic {
        let loop = LoopTraffic()
        loops.withLock { $0.append(loop) }
        return loop
    }
}

/// Connections at one moment, and since the start.
public struct ConnectionFigures: Sendable, Equatable {
    /// Open ones, those that wait among them.
    public var open = 0
    /// Event streams, WebSockets and long polls.
    public var waiting = 0
    /// Since the start, without those that were refused.
    public var accepted = 0
    /// Since the start, because too many were open.
    public var refused = 0

    init() {}

    init(_ connections: OpenConnections) {
        open = connections.count
        waiting = connections.places.count
        accepted = connections.accepted
        refused = connections.turnedAway
    }
}

/// What is counted together. There are as many kinds as routes and statuses, whatever clients ask for.
public struct AnswerKind: Sendable, Hashable {
    /// The route's pattern such as `/v1/keys/:id`; `none` where no route matched.
    public let route: String
    /// The method, `other` for one that HTTP does not define, `none` where it could not be read.
    public let method: String
    public let status: Int
}

extension DurationHistogram {
    fileprivate func merging(_ other: DurationHistogram) -> DurationHistogram {
        var merged = self
        merged.merge(other)
        return merged
    }
}
