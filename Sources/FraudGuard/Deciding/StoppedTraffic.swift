/// What goes on in a range that is stopped.
public struct StoppedTraffic: Equatable, Sendable {
    public let range: TrafficRange
    /// Sends that were refused since it was stopped.
    public private(set) var refused = 0
    /// Codes of the last hour, by whether they were verified. They fade rather than end with the hour.
    public private(set) var unverified = 0
    public private(set) var verified = 0

    init(range: TrafficRange) { self.range = range }

    mutating func add(_ stop: RangeStop, _ record: RangeRecord) {
        refused += stop.refused
        unverified += Int(record.unverifiedInHour.rounded())
        verified += Int(record.verifiedInHour.rounded())
    }
}
