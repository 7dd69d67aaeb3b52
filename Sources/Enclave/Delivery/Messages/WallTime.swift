import Glibc

/// A moment in Unix time, for what a message says about when it was written.
struct WallTime: Equatable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    let nanoseconds: Int64

    static var now: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// The `date-time` of RFC 5322 §3.3, in UTC: `Sat, 21 Nov 2026 07:57:28 +0000`.
    var mailDate: String {
        let parts = utc
        let day = Self.dayNames[Int(parts.tm_wday)]
        let month = Self.monthNames[Int(parts.tm_mon)]
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(Self.twoDigits).joined(separator: ":")
        return "\(day), \(Self.twoDigits(parts.tm_mday)) \(month) \(parts.tm_year + 1900) \(clock) +0000"
    }

    /// Whole seconds since 1970-01-01T00:00:00Z.
    var seconds: Int64 { nanoseconds / 1_000_000_000 }

    /// ISO 8601's basic form in UTC, as AWS signs it: `20261121T075728Z`.
    var amazonTime: String {
        let parts = utc
        let day = "\(parts.tm_year + 1900)" + [parts.tm_mon + 1, parts.tm_mday].map(Self.twoDigits).joined()
        return "\(day)T" + [parts.tm_hour, parts.tm_min, parts.tm_sec].map(Self.twoDigits).joined() + "Z"
    }

    private var utc: tm {
        var seconds = time_t(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return parts
    }

    /// Makes the C library read the time zone now: its first conversion opens a file, even a conversion to UTC.
    static func loadTimeZone() {
        var seconds = time_t(0)
        var parts = tm()
        localtime_r(&seconds, &parts)
        gmtime_r(&seconds, &parts)
    }

    private static func twoDigits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static let dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
