import Passcodes
import Storage
import Synchronization

/// What a test's passcodes told their workspace, in the order of the units of work.
public final class PasscodeChanges: PasscodeOutbox {
    private let told = Mutex<[PasscodeChange]>([])
    private let listening = Mutex<[String]>([])

    public var all: [PasscodeChange] { told.withLock { $0 } }
    public var kinds: [PasscodeChange.Kind] { all.map(\.kind) }

    /// The workspaces in which somebody listens.
    public func listen(in workspaces: [String]) { listening.withLock { $0 = workspaces } }

    public func enqueue(_ change: PasscodeChange, in transaction: any Transaction) throws(StorageError) {
        told.withLock { $0.append(change) }
    }

    public func workspaces(
        listeningTo kind: PasscodeChange.Kind, in transaction: any Transaction
    ) throws(StorageError) -> [String] { listening.withLock { $0 } }
}
