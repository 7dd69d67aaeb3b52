import Logging
import NIOCore
import Synchronization

/// What all connections of a listener share.
final class ServerContext: Sendable {
    let router: Router
    let configuration: ServerConfiguration
    let logger: Logger
    /// Asked once: a level check for each request would go through the logger's backend.
    let logsAccess: Bool
    let connections: OpenConnections
    /// What a connection shows before anything else; nil where it speaks plain HTTP.
    let tls: TLSIdentity?
    let requestDeadline: TimeAmount
    let answerDeadline: TimeAmount
    let handshakeDeadline: TimeAmount
    let idleLimit: TimeAmount
    let closingLimit: TimeAmount
    let firstRequestGrace: TimeAmount
    let heartbeatInterval: TimeAmount

    init(
        router: Router, configuration: ServerConfiguration, logger: Logger, connections: OpenConnections,
        tls: TLSIdentity? = nil
    ) {
        self.router = router
        self.configuration = configuration
        self.logger = logger
        self.connections = connections
        self.tls = tls
        logsAccess = logger.logLevel <= .debug
        requestDeadline = TimeAmount(configuration.requestDeadline)
        handshakeDeadline = TimeAmount(configuration.handshakeDeadline)
        answerDeadline = TimeAmount(configuration.answerDeadline)
        idleLimit = TimeAmount(configuration.idleLimit)
        closingLimit = TimeAmount(configuration.closingLimit)
        firstRequestGrace = TimeAmount(configuration.firstRequestGrace)
        heartbeatInterval = TimeAmount(configuration.heartbeatInterval)
    }
}

/// Counts the connections of a server and tells when the last one is gone.
final class OpenConnections: Sendable {
    private struct State {
        var count = 0
        var refused = 0
        /// Since the start: those that came in, and those for which there was no room.
        var accepted = 0
        var turnedAway = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let draining = Atomic(false)
    private let maximum: Int
    /// The places of those who wait.
    let places: WaitingPlaces

    init(maximum: Int, maximumWaiting: Int) {
        self.maximum = maximum
        // Those who wait stay long: a sixth of the room is left to the others, whatever the settings.
        places = WaitingPlaces(maximum: min(maximumWaiting, max(1, maximum * 5 / 6)))
    }

    /// Whether there is room for one more, which then counts.
    func enter() -> Bool {
        state.withLock { state in
            guard state.count < maximum else {
                state.turnedAway += 1
                return false
            }
            state.count += 1
            state.accepted += 1
            return true
        }
    }

    func leave() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.count -= 1
            guard state.count == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for task in waiting { task.resume() }
    }

    /// Connections that are being told that there is no room. Beyond this number they are closed without a word.
    static func maximumRefused(of maximum: Int) -> Int { maximum / 10 + 16 }

    /// Whether a connection can be told that there is no room for it.
    func enterRefused() -> Bool {
        state.withLock { state in
            guard state.refused < Self.maximumRefused(of: maximum) else { return false }
            state.refused += 1
            return true
        }
    }

    func leaveRefused() {
        state.withLock { $0.refused -= 1 }
    }

    var count: Int { state.withLock { $0.count } }

    var accepted: Int { state.withLock { $0.accepted } }

    var turnedAway: Int { state.withLock { $0.turnedAway } }

    /// Whether three quarters of the room are taken.
    var isCrowded: Bool { count * 4 >= maximum * 3 }

    /// Whether the server is shutting down. Asked for every answer, so it takes no lock.
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    func beginDraining() {
        draining.store(true, ordering: .relaxed)
    }

    /// Returns when no connection is left.
    func waitUntilNone() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.count > 0 { state.waiting.append(continuation) }
                return state.count == 0
            }
            if isDone { continuation.resume() }
        }
    }
}
