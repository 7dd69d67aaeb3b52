import Passcodes
import Storage
import Synchronization

/// What a test's fraud guard told its workspace, in the order of the units of work.
public final class GuardChanges: GuardOutbox {
    private let told = Mutex<[GuardChange]>([])

    public var all: [GuardChange] { told.withLock { $0 } }

    public func enqueue(_ change: GuardChange, in transaction: any Transaction) throws(StorageError) {
        told.withLock { $0.append(change) }
    }
}
