/// How long something took, many times, in buckets as Prometheus reads them.
public struct DurationHistogram: Sendable, Equatable {
    /// The upper bounds of the buckets, in seconds.
    public static let bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    /// One for each bound, and one for what took longer.
    public private(set) var counts = [Int](repeating: 0, count: DurationHistogram.bounds.count + 1)
    /// All durations together, in seconds.
    public private(set) var sum = 0.0

    /// How many durations there were.
    public var count: Int { counts.reduce(0, +) }

    /// Nothing measured yet.
    public init() {}

    /// Counts one more.
    public mutating func add(seconds: Double) {
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        counts[bucket] += 1
        sum += seconds
    }

    /// Counts one more.
    public mutating func add(_ duration: Duration) { add(seconds: duration / .seconds(1)) }

    /// Takes over what another one has measured.
    public mutating func merge(_ other: DurationHistogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        sum += other.sum
    }
}
