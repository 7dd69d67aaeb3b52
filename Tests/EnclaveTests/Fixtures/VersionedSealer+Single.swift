@testable import Enclave

extension VersionedSealer {
    /// A sealer under one version of one key.
    static func single(_ key: MasterKey) -> VersionedSealer {
        VersionedSealer(
            keys: MasterKeyRing(MasterKeys(lasting: key, newestKey: key)), randomness: SystemRandomness())
    }
}
