import Glibc

/// A calendar month in UTC, the period of a quota.
struct CalendarMonth: Equatable, Sendable {
    /// Such as `2026-11`.
    let name: String
    /// Unix milliseconds at which the next month begins.
    let end: Int64

    init(at milliseconds: Int64) {
        var seconds = time_t(milliseconds / 1000)
        var calendar = tm()
        gmtime_r(&seconds, &calendar)
        let year = Int(calendar.tm_year) + 1900
        let month = Int(calendar.tm_mon) + 1
        name = "\(year)-\(month < 10 ? "0" : "")\(month)"
        var next = tm()
        next.tm_year = month == 12 ? calendar.tm_year + 1 : calendar.tm_year
        next.tm_mon = month == 12 ? 0 : calendar.tm_mon + 1
        next.tm_mday = 1
        end = Int64(timegm(&next)) * 1000
    }
}
