import FoundationEssentials

/// Times on the wire: RFC 3339 in UTC.
enum WireTime {
    private static let exact = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// To the second.
    static func text(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
    }

    /// To the millisecond, as JavaScript writes times.
    static func exactText(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(exact)
    }

    /// Unix milliseconds of a time, with or without fraction, or of the begin of a day in UTC; nil for anything else, such
    /// as 30 February.
    static func milliseconds(_ text: String) -> Int64? {
        let whole = text.utf8.count == 10 ? text + "T00:00:00Z" : text
        guard isOnClocks(whole),
            let date = (try? Date(whole, strategy: exact)) ?? (try? Date(whole, strategy: .iso8601))
        else {
            return nil
        }
        return Int64((date.timeIntervalSince1970 * 1000).rounded())
    }

    /// Whether day and time of day are ones that there are: the parser reads 30 February as 2 March.
    private static func isOnClocks(_ text: String) -> Bool {
        let local = "\(text.prefix(19))Z"
        guard let date = try? Date(local, strategy: .iso8601) else { return false }
        return date.formatted(.iso8601) == local
    }
}
