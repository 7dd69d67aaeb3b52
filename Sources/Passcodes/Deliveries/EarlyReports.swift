import EnclaveLink
import Synchronization

/// Reports of messages that nobody knows here: most often a provider was faster than the disk, and the message's name is
/// about to be stored. Kept for a moment, and only so many.
final class EarlyReports: Sendable {
    /// Milliseconds.
    static let memory: Int64 = 60_000
    static let capacity = 10_000

    private struct Name: Hashable {
        let provider: String
        let message: String
    }

    private let kept = Mutex<[Name: (report: DeliveryReport, until: Int64)]>([:])

    func keep(_ report: DeliveryReport, from provider: String, now: Int64) {
        kept.withLock { kept in
            if kept.count >= Self.capacity { kept = kept.filter { $0.value.until > now } }
            let name = Name(provider: provider, message: report.message)
            // Of several the one that says most is kept.
            guard kept.count < Self.capacity, kept[name]?.report.state != .delivered else { return }
            kept[name] = (report, now + Self.memory)
        }
    }

    /// Hands out what was said of a message, once.
    func take(_ message: String, from provider: String, now: Int64) -> DeliveryReport? {
        guard !message.isEmpty else { return nil }
        return kept.withLock { kept in
            guard let found = kept.removeValue(forKey: Name(provider: provider, message: message)), found.until > now
            else { return nil }
            return found.report
        }
    }
}
