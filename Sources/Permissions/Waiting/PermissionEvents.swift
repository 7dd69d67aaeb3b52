import Synchronization

/// A permission's new status, for whoever waits for it. Never a token.
public struct PermissionEvent: Sendable, Equatable {
    public let permission: String
    public let status: PermissionStatus
    public let reason: String?

    /// How a permission stands now.
    public init(_ permission: Permission) {
        self.permission = permission.id
        status = permission.status
        reason = permission.reason
    }
}

/// Tells those who wait that a permission changed. Within this process: whoever waits reads the permission's state
/// first, and again after a while.
public final class PermissionEvents: Sendable {
    /// Those who may wait at a time: as many as a server can be set to let wait. A server has a lower limit of its own.
    public static let usualLimit = 1_000_000

    private struct State {
        var waiting: [String: [Int: AsyncStream<PermissionEvent>.Continuation]] = [:]
        var count = 0
        var next = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    public init(limit: Int = usualLimit) { self.limit = limit }

    /// How many wait.
    public var waiting: Int { state.withLock { $0.count } }

    /// All changes of a permission from now on. The stream ends after one that is the last. Throws `unavailable` where
    /// too many wait.
    public func changes(of permission: String) throws(PermissionError) -> AsyncStream<PermissionEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: PermissionEvent.self, bufferingPolicy: .bufferingNewest(8))
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        // Before anybody can end the stream: a place that nobody gives back would be lost for good.
        continuation.onTermination = { [weak self] _ in self?.leave(permission, ticket) }
        let isIn = state.withLock { state in
            guard state.count < limit else { return false }
            state.count += 1
            state.waiting[permission, default: [:]][ticket] = continuation
            return true
        }
        guard isIn else { throw .unavailable("too many wait for permissions") }
        return stream
    }

    func publish(_ permission: Permission) {
        let waiting = state.withLock { Array(($0.waiting[permission.id] ?? [:]).values) }
        let event = PermissionEvent(permission)
        for continuation in waiting {
            continuation.yield(event)
            if !permission.status.isOpen { continuation.finish() }
        }
    }

    /// Ends all streams, before the server ends.
    public func close() {
        let waiting = state.withLock { $0.waiting.values.flatMap(\.values) }
        for continuation in waiting { continuation.finish() }
    }

    private func leave(_ permission: String, _ ticket: Int) {
        state.withLock { state in
            guard state.waiting[permission]?.removeValue(forKey: ticket) != nil else { return }
            if state.waiting[permission]?.isEmpty == true { state.waiting[permission] = nil }
            state.count -= 1
        }
    }
}
