import Figures
import Synchronization

/// What was asked of the enclave since the host started, and what waits now.
public struct EnclaveFigures: Sendable, Equatable {
    /// Whether a process is up and was greeted.
    public var isUp: Bool
    /// Calls without an answer yet.
    public var waiting: Int
    /// How many processes were started after one that had ended.
    public var restarts: Int
    /// Calls that the enclave did, and those that it refused, did not answer in time, or was not there for.
    public var done: Int
    public var failed: Int
    /// How long calls took, however they ended.
    public var durations: DurationHistogram
}

/// Counts calls of the enclave.
final class EnclaveCounters: Sendable {
    private struct State {
        var restarts = 0
        var done = 0
        var failed = 0
        var durations = DurationHistogram()
    }

    private let state = Mutex(State())

    func countRestart() { state.withLock { $0.restarts += 1 } }

    func count(_ duration: Duration, isDone: Bool) {
        state.withLock { state in
            if isDone { state.done += 1 } else { state.failed += 1 }
            state.durations.add(duration)
        }
    }

    func figures(isUp: Bool, waiting: Int) -> EnclaveFigures {
        state.withLock { state in
            EnclaveFigures(
                isUp: isUp, waiting: waiting, restarts: state.restarts, done: state.done, failed: state.failed,
                durations: state.durations)
        }
    }
}
