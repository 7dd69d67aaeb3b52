import Crypto
import Storage
import Synchronization

/// Derives the keys of persons from a key that the enclave gives with its greeting, always the same one, so that it is
/// asked for only until it is known: HKDF-Expand with SHA-256 (RFC 5869, 2.3) of one block.
final class WrappingKey: Sendable {
    private let source: @Sendable () -> [UInt8]?
    /// Prepared once, because a key is derived for each entry, on the thread that writes.
    private let known = Mutex<HMAC<SHA256>?>(nil)

    init(_ source: @escaping @Sendable () -> [UInt8]?) { self.source = source }

    /// The key of a person in a workspace. Throws `unavailable` until the enclave was up once.
    func key(of person: String, workspace: String, salt: [UInt8]) throws(StorageError) -> SymmetricKey {
        try require()
        var block = salt
        block.reserveCapacity(256)
        for part in ["countersign audit person v1\n", workspace, "\n", person, "\u{1}"] { block += part.utf8 }
        let key = known.withLock { prepared in
            var code = prepared
            code?.update(data: block)
            return code.map { SymmetricKey(data: $0.finalize()) }
        }
        guard let key else { throw .keyUnknown }
        return key
    }

    /// Throws `unavailable` until the enclave was up once.
    func require() throws(StorageError) {
        if known.withLock({ $0 != nil }) { return }
        guard let bytes = source(), bytes.count == 32 else { throw .keyUnknown }
        known.withLock { $0 = HMAC(key: SymmetricKey(data: bytes)) }
    }
}

extension StorageError {
    fileprivate static let keyUnknown = StorageError(
        .unavailable, reason: "the enclave has not given the key of the audit log's persons")
}
