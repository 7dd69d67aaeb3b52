import Storage
import Synchronization
import Workspaces

/// What a test's workspaces were told of their keys, in the order of the units of work.
public final class KeyChanges: KeyOutbox {
    private let told = Mutex<[KeyChange]>([])

    public init() {}

    public var all: [KeyChange] { told.withLock { $0 } }

    public func enqueue(_ change: KeyChange, in transaction: any Transaction) throws(StorageError) {
        told.withLock { $0.append(change) }
    }
}
