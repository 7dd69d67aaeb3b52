import EnclaveLink
import Synchronization

/// The master keys of a running enclave, which a rotation changes under it.
final class MasterKeyRing: Sendable {
    private let keys: Mutex<MasterKeys>
    /// Never changes.
    let lasting: MasterKey

    init(_ keys: MasterKeys) {
        lasting = keys.lasting
        self.keys = Mutex(keys)
    }

    /// The version that seals, and its key.
    var newest: (version: UInt32, key: MasterKey) {
        keys.withLock { ($0.newest, $0.newestKey) }
    }

    /// Nil for a version that was retired, or that this enclave does not know.
    func key(_ version: UInt32) -> MasterKey? { keys.withLock { $0.versions[version] } }

    var numbers: [UInt32] { keys.withLock { $0.numbers } }

    func replace(by fresh: MasterKeys) { keys.withLock { $0 = fresh } }
}
