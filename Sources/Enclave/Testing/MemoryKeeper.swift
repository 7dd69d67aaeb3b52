import EnclaveLink
import Synchronization

/// Keeps master keys in memory, for an enclave in the caller's own process.
final class MemoryKeeper: KeyKeeping {
    private let keys: Mutex<MasterKeys>
    private let randomness: any RandomSource
    let token: (any TokenSigning)? = nil
    let makesIdentityKeysInToken = false

    init(_ key: MasterKey, randomness: any RandomSource) {
        keys = Mutex(MasterKeys(lasting: key, newestKey: key))
        self.randomness = randomness
    }

    func describe() throws(EnclaveError) -> VaultDescription {
        VaultDescription(wrapping: nil, versions: keys.withLock { $0.numbers })
    }

    func rotate() throws(EnclaveError) -> MasterKeys {
        guard let key = MasterKey(bytes: randomness.bytes(MasterKey.length)) else { throw EnclaveError(.unavailable) }
        return try keys.withLock { keys throws(EnclaveError) in
            guard keys.versions.count < MasterKeys.versionLimit else { throw EnclaveError(.requestRefused) }
            keys = MasterKeys(
                lasting: keys.lasting, versions: keys.versions, newest: keys.newest + 1, newestKey: key)
            return keys
        }
    }

    func retire(keeping newest: UInt32) throws(EnclaveError) -> MasterKeys {
        try keys.withLock { keys throws(EnclaveError) in
            guard keys.newest == newest else { throw EnclaveError(.requestRefused) }
            keys = MasterKeys(lasting: keys.lasting, newest: keys.newest, newestKey: keys.newestKey)
            return keys
        }
    }
}
