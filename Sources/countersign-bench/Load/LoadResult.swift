/// What one run of load gave.
struct LoadResult: Sendable {
    /// Nanoseconds from the first request to the last answer.
    var elapsed: UInt64 = 0
    /// Nanoseconds of each answer.
    var latencies: [UInt64] = []
    /// How often each status came.
    var statuses: [Int: Int] = [:]

    /// Answers a second.
    var rate: Double { elapsed == 0 ? 0 : Double(latencies.count) / (Double(elapsed) / 1e9) }

    /// Adds what another run gave.
    mutating func append(_ other: LoadResult) {
        elapsed += other.elapsed
        latencies += other.latencies
        statuses.merge(other.statuses, uniquingKeysWith: +)
    }

    /// The latency in milliseconds that `share` of the answers stayed within: 0.5 is the median.
    func milliseconds(at share: Double) -> Double {
        guard !latencies.isEmpty else { return 0 }
        let sorted = latencies.sorted()
        return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1e6
    }

    /// Refuses a run in which anything but `status` was answered: it would measure refusals.
    func requiring(_ status: Int, in what: String) throws(BenchmarkError) -> LoadResult {
        guard statuses.keys.allSatisfy({ $0 == status }), !latencies.isEmpty else {
            throw BenchmarkError("\(what): answers other than \(status): \(statuses)")
        }
        return self
    }
}
