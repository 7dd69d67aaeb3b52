import Crypto
import Storage
import Synchronization

/// The key under which the keys of persons are stored. The enclave gives it with its greeting and always the same one, so
/// that it is asked for only until it is known.
final class WrappingKey: Sendable {
    private let source: @Sendable () -> [UInt8]?
    private let known = Mutex<[UInt8]?>(nil)

    init(_ source: @escaping @Sendable () -> [UInt8]?) { self.source = source }

    /// Throws `unavailable` until the enclave was up once.
    func present() throws(StorageError) -> SymmetricKey {
        if let bytes = known.withLock({ $0 }) { return SymmetricKey(data: bytes) }
        guard let bytes = source(), bytes.count == 32 else {
            throw StorageError(.unavailable, reason: "the enclave has not given the key of the audit log's persons")
        }
        known.withLock { $0 = bytes }
        return SymmetricKey(data: bytes)
    }
}
