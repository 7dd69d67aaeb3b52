import Enclave
import Synchronization
import Workspaces

/// A clock that stands still until a test moves it, for host and enclave alike.
public final class ManualTime: EnclaveClock {
    private let milliseconds: Mutex<Int64>

    /// Starts at 2026-11-21 08:00:00 UTC unless told otherwise.
    public init(_ start: Int64 = 1_795_248_000_000) { milliseconds = Mutex(start) }

    public var now: EnclaveInstant {
        let now = milliseconds.withLock { $0 }
        return EnclaveInstant(unixMilliseconds: now, steadyMilliseconds: now)
    }

    public var wall: WallClock { WallClock { self.now.unixMilliseconds } }

    public func advance(seconds: Int) { milliseconds.withLock { $0 += Int64(seconds) * 1000 } }
}
