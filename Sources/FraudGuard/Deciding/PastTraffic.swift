/// What a store remembers of a range's traffic.
public struct PastTraffic: Equatable, Sendable {
    /// Unix milliseconds.
    public var time: Int64
    public var sent: Int
    public var verified: Int

    public init(time: Int64, sent: Int, verified: Int) {
        self.time = time
        self.sent = sent
        self.verified = verified
    }
}
