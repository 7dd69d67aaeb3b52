import Glibc

/// A point on `CLOCK_MONOTONIC`, for deadlines inside one process.
public struct MonotonicTime: Comparable, Sendable {
    /// Nanoseconds since an arbitrary start.
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    public static var now: Self {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Self(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    public func advanced(byMilliseconds milliseconds: Int) -> Self {
        Self(nanoseconds: nanoseconds + Int64(milliseconds) * 1_000_000)
    }

    public static func < (one: Self, other: Self) -> Bool { one.nanoseconds < other.nanoseconds }

    var specification: timespec {
        timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}
