import Foundation

/// `Retry-After` (RFC 9110 §10.2.3): seconds, or a date.
enum RetryAfter {
    private static let longest = 1_000_000

    /// What the header says, else what the body says.
    static func read(_ response: TransportResponse, _ seconds: Int?) -> Duration? {
        guard let text = response.header("Retry-After") else { return seconds.map { .seconds($0) } }
        if let asked = Int(text.trimmingCharacters(in: .whitespaces)), (0...longest).contains(asked) {
            return .seconds(asked)
        }
        // A date is measured by the clock that wrote it.
        guard let then = date(text), let now = response.header("Date").flatMap(date) else {
            return seconds.map { .seconds($0) }
        }
        return .seconds(min(max(0, Int(then.timeIntervalSince(now))), longest))
    }

    /// An HTTP date in its preferred form (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text)
    }
}
