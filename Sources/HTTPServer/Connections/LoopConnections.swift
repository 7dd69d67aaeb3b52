import Glibc
import NIOCore

/// A connection as its event loop sees it.
protocol LoopConnection: AnyObject {
    /// Finishes what is under way, and no more.
    func drain()
    /// Closes now, whatever is under way.
    func cut()
    /// Ends a wait that took too long.
    func checkDeadline(_ now: NIODeadline)
}

/// The connections of one event loop and what they share: clock, date, random numbers. Never leaves its loop.
///
/// Instead of a timer for each request, one sweep looks at every connection's deadline.
final class LoopConnections {
    let eventLoop: any EventLoop
    let executor: EventLoopTaskExecutor
    let traffic: LoopTraffic
    var date = DateField()
    var refusalLines = LineBudget()
    private var connections: [ObjectIdentifier: any LoopConnection] = [:]
    private var random = RandomNumbers()
    private let sweepInterval: TimeAmount
    private var lastSweep = NIODeadline.now()
    private var sweep: RepeatedTask?

    init(eventLoop: any EventLoop, configuration: ServerConfiguration, traffic: LoopTraffic) {
        self.eventLoop = eventLoop
        self.traffic = traffic
        executor = EventLoopTaskExecutor(eventLoop)
        let limits = [
            configuration.requestDeadline, configuration.answerDeadline, configuration.idleLimit,
            configuration.closingLimit, configuration.heartbeatInterval, configuration.handshakeDeadline,
        ]
        let shortest = limits.map { TimeAmount($0).nanoseconds }.min() ?? 0
        sweepInterval = .nanoseconds(min(max(shortest / 8, 10_000_000), 1_000_000_000))
    }

    /// A moment that is at least `limit` and at most two sweeps more from now. It costs no system call.
    func deadline(after limit: TimeAmount) -> NIODeadline {
        lastSweep + sweepInterval + limit
    }

    func identifier() -> RequestIdentifier {
        RequestIdentifier(high: random.next(), low: random.next())
    }

    func insert(_ connection: any LoopConnection) {
        connections[ObjectIdentifier(connection)] = connection
        guard sweep == nil else { return }
        lastSweep = .now()
        let connections = NIOLoopBound(self, eventLoop: eventLoop)
        sweep = eventLoop.scheduleRepeatedTask(initialDelay: sweepInterval, delay: sweepInterval) { _ in
            connections.value.checkDeadlines()
        }
    }

    /// Forgets a connection. Returns whether it was there.
    @discardableResult
    func remove(_ connection: any LoopConnection) -> Bool {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return false }
        guard connections.isEmpty else { return true }
        sweep?.cancel()
        sweep = nil
        return true
    }

    /// Lets each connection finish what is under way, and no more.
    func drain() {
        for connection in Array(connections.values) { connection.drain() }
    }

    /// Closes every connection now, whatever is under way, and tells how many there were.
    func cut() -> Int {
        let open = Array(connections.values)
        for connection in open { connection.cut() }
        return open.count
    }

    private func checkDeadlines() {
        lastSweep = .now()
        for connection in Array(connections.values) { connection.checkDeadline(lastSweep) }
    }
}

/// The system's random numbers, fetched 256 bytes at a time, the most that one call gives.
private struct RandomNumbers {
    private var words: [UInt64] = []

    mutating func next() -> UInt64 {
        if let word = words.popLast() { return word }
        var fresh = [UInt64](repeating: 0, count: 32)
        let isFilled = fresh.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) } == 0
        var system = SystemRandomNumberGenerator()
        guard isFilled else { return system.next() }
        words = fresh
        return words.popLast() ?? system.next()
    }
}
