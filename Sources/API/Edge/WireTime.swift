import FoundationEssentials

/// Times on the wire: RFC 3339 in UTC.
enum WireTime {
    static func text(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
    }
}
