import Enclave
import Synchronization

/// A clock that stands still until a test moves it.
final class SettableClock: EnclaveClock {
    private let instant: Mutex<EnclaveInstant>

    init(unixMilliseconds: Int64 = 1_800_000_000_000) {
        instant = Mutex(EnclaveInstant(unixMilliseconds: unixMilliseconds, steadyMilliseconds: 5_000_000))
    }

    var now: EnclaveInstant { instant.withLock { $0 } }

    func advance(seconds: Int64) {
        instant.withLock {
            $0.unixMilliseconds += seconds * 1000
            $0.steadyMilliseconds += seconds * 1000
        }
    }

    /// What `settimeofday` does: only the wall clock moves.
    func setWall(secondsLater seconds: Int64) { instant.withLock { $0.unixMilliseconds += seconds * 1000 } }
}
