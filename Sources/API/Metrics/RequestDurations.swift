import Figures
import Synchronization

/// How long answers took, by what was asked for.
final class RequestDurations: Sendable {
    private let histograms = Mutex<[String: DurationHistogram]>([:])

    var snapshot: [String: DurationHistogram] { histograms.withLock { $0 } }

    func add(_ duration: Duration, to operation: String) {
        histograms.withLock { $0[operation, default: DurationHistogram()].add(duration) }
    }
}
