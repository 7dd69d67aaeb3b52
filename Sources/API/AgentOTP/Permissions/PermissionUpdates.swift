import HTTPServer
import Permissions

/// How a permission stands, unless it is still pending, and then each change, up to the last one.
struct PermissionUpdates: AsyncSequence, Sendable {
    typealias Element = PermissionEvent

    private let current: PermissionEvent
    private let changes: AsyncStream<PermissionEvent>

    /// - Parameter changes: those since a time before `permission` was read, so that none is missed.
    init(_ permission: Permission, _ changes: AsyncStream<PermissionEvent>) {
        current = PermissionEvent(permission)
        self.changes = changes
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var current: PermissionEvent?
        fileprivate var changes: AsyncStream<PermissionEvent>.Iterator
        fileprivate var last: PermissionStatus?

        mutating func next() async -> PermissionEvent? {
            if let first = current {
                current = nil
                if first.status != .pending { return tell(first) }
            }
            guard last?.isOpen ?? true else { return nil }
            // What was read already may be told a second time.
            while let change = await changes.next() {
                if change.status != last { return tell(change) }
            }
            return nil
        }

        private mutating func tell(_ event: PermissionEvent) -> PermissionEvent {
            last = event.status
            return event
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(current: current, changes: changes.makeAsyncIterator())
    }
}

extension PermissionEvent {
    /// The dialect's name of what happened.
    var type: String { status == .expired ? "expired" : "status_change" }

    var payload: String { String(decoding: object.bytes, as: UTF8.self) }

    /// The text of a WebSocket message.
    var message: String {
        var message = JSONObjectText()
        message.add("type", type)
        message.add("payload", object)
        return String(decoding: message.bytes, as: UTF8.self)
    }

    private var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("permissionId", permission)
        object.add("status", status.rawValue)
        object.add("reason", reason)
        return object
    }
}
