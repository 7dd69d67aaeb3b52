import Glibc

/// The two times that the enclave needs.
public struct EnclaveInstant: Equatable, Sendable {
    /// Unix time in milliseconds, as tokens and the host know it.
    public var unixMilliseconds: Int64
    /// Milliseconds on a clock that only goes forward and that nobody can set. Expiry is judged on this one: who
    /// could move the wall clock forward and back would make the ledger forget attempts and the code alive again.
    public var steadyMilliseconds: Int64

    public init(unixMilliseconds: Int64, steadyMilliseconds: Int64) {
        self.unixMilliseconds = unixMilliseconds
        self.steadyMilliseconds = steadyMilliseconds
    }
}

/// Tells the time; passed in, so that tests need not wait.
public protocol EnclaveClock: Sendable {
    var now: EnclaveInstant { get }
}

/// The machine's clocks: `CLOCK_REALTIME`, and `CLOCK_BOOTTIME`, which counts suspended time too.
public struct SystemEnclaveClock: EnclaveClock {
    public init() {}

    public var now: EnclaveInstant {
        EnclaveInstant(
            unixMilliseconds: Self.milliseconds(CLOCK_REALTIME), steadyMilliseconds: Self.milliseconds(CLOCK_BOOTTIME))
    }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
