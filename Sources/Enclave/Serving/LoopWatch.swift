import Activation
import Glibc
import Synchronization
import Threads

/// Tells the service manager that the enclave is not stuck: neither stopped, nor busy with the same messages of the host's
/// for a whole pulse. systemd ends a service that it does not hear of for two (systemd.service(5), `WatchdogSec=`).
final class LoopWatch: Sendable {
    private let busySince = Mutex<ContinuousClock.Instant?>(nil)

    /// Runs what the host wants, under watch.
    func during<Failure: Error>(_ work: () throws(Failure) -> Void) throws(Failure) {
        busySince.withLock { $0 = .now }
        defer { busySince.withLock { $0 = nil } }
        try work()
    }

    /// Whether the same messages have kept the loop busy for at least `patience`.
    func isStuck(for patience: Duration) -> Bool {
        busySince.withLock { $0 }.map { .now - $0 >= patience } ?? false
    }

    /// Starts a thread that tells it, for good.
    /// - Returns: false if the system has no thread to give.
    func tell(_ notices: OpenServiceNotices) -> Bool {
        DetachedThread.start("watch") { [self] in
            var pause = timespec(notices.pulse)
            while true {
                if !isStuck(for: notices.pulse) { notices.tell(.alive) }
                nanosleep(&pause, nil)
            }
        }
    }
}

extension timespec {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    }
}
