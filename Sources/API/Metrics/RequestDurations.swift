import Synchronization

/// How long answers took, by what was asked for: a histogram as Prometheus reads one.
final class RequestDurations: Sendable {
    /// The upper bounds of the buckets, in seconds.
    static let bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    struct Histogram: Sendable {
        /// One for each bound, and one for what took longer.
        fileprivate(set) var counts = [Int](repeating: 0, count: RequestDurations.bounds.count + 1)
        /// Seconds.
        fileprivate(set) var sum = 0.0
    }

    private let histograms = Mutex<[String: Histogram]>([:])

    var snapshot: [String: Histogram] { histograms.withLock { $0 } }

    func add(_ duration: Duration, to operation: String) {
        let (seconds, attoseconds) = duration.components
        let length = Double(seconds) + Double(attoseconds) * 1e-18
        let bucket = Self.bounds.firstIndex { length <= $0 } ?? Self.bounds.count
        histograms.withLock { histograms in
            histograms[operation, default: Histogram()].counts[bucket] += 1
            histograms[operation, default: Histogram()].sum += length
        }
    }
}
