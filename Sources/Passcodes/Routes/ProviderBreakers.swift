import EnclaveLink
import Synchronization
import Workspaces

/// Keeps sends from waiting for a provider that is broken. In memory only: a restart asks every provider anew.
///
/// After `threshold` failures in a row a provider is left out for `pause`. Then one send tries it while the others still
/// pass it by: a message that it takes brings it back, a failure leaves it out for another while.
final class ProviderBreakers: Sendable {
    /// Failures in a row.
    static let threshold = 5
    /// Milliseconds.
    static let pause: Int64 = 15_000

    private struct Record {
        var failures = 0
        /// When the next one may try; nil while all may.
        var nextTry: Int64?
    }

    private let records = Mutex<[String: Record]>([:])
    private let clock: WallClock

    init(clock: WallClock) { self.clock = clock }

    /// Whether a send may ask the provider. Who asks one that was left out is the only one for a while.
    func admits(_ provider: String) -> Bool {
        // The inbox is this machine's own, and nobody else stands in for it.
        guard provider != Greeting.inbox else { return true }
        let now = clock.now()
        return records.withLock { records in
            guard let nextTry = records[provider]?.nextTry else { return true }
            // A clock that was set back must not leave a provider out for longer.
            guard now >= nextTry || nextTry > now + Self.pause else { return false }
            records[provider]?.nextTry = now + Self.pause
            return true
        }
    }

    /// Notes what a provider did with a message.
    func note(_ outcome: DeliveryOutcome, of provider: String) {
        guard provider != Greeting.inbox else { return }
        let now = clock.now()
        records.withLock { records in
            switch outcome.healthSign {
            case .working: records[provider] = nil
            case .none: break
            case .broken: Self.addFailure(to: &records[provider], now: now)
            }
        }
    }

    private static func addFailure(to record: inout Record?, now: Int64) {
        let failures = (record?.failures ?? 0) + 1
        record = Record(failures: failures, nextTry: failures >= threshold ? now + pause : nil)
    }

    /// The providers that are left out now, by name.
    var leftOut: [String] {
        let now = clock.now()
        return records.withLock { records in
            records.filter { ($0.value.nextTry ?? now) > now }.keys.sorted()
        }
    }
}

extension DeliveryOutcome {
    fileprivate var healthSign: ProviderHealthSign {
        switch self {
        case .accepted: .working
        case .failed(let failure): failure.healthSign
        }
    }
}
