import Synchronization

/// What the clients that wait are told.
final class News: Sendable {
    private let waiting = Mutex<[AsyncStream<String>.Continuation]>([])

    /// How many have begun to wait.
    var listeners: Int { waiting.withLock { $0.count } }

    /// A sequence for one of them.
    func sequence() -> AsyncStream<String> {
        let (sequence, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1))
        waiting.withLock { $0.append(continuation) }
        return sequence
    }

    /// Tells all of them.
    func tell(_ text: String) {
        for continuation in waiting.withLock({ $0 }) { continuation.yield(text) }
    }
}
