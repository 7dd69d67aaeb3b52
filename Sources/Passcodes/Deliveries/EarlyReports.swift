import EnclaveLink
import Synchronization

/// Reports of messages that nobody knows here: most often a provider was faster than the disk, and the message's name is
/// about to be stored. Kept for a moment, and only so many.
final class EarlyReports: Sendable {
    /// Milliseconds that a report is kept at least, and half of what it is kept at most.
    static let memory: Int64 = 30_000
    /// Reports of one generation.
    static let capacity = 5_000

    private struct Name: Hashable {
        let provider: String
        let message: String
    }

    /// Two generations, so that forgetting costs nothing.
    private struct Kept {
        var younger: [Name: DeliveryReport] = [:]
        var older: [Name: DeliveryReport] = [:]
        var since: Int64 = 0

        mutating func age(_ now: Int64) {
            // A clock that was set back ends a generation too.
            guard now < since || now >= since + EarlyReports.memory else { return }
            older = now < since + 2 * EarlyReports.memory ? younger : [:]
            younger = [:]
            since = now
        }
    }

    private let kept = Mutex(Kept())

    func keep(_ report: DeliveryReport, from provider: String, now: Int64) {
        kept.withLock { kept in
            kept.age(now)
            let name = Name(provider: provider, message: report.message)
            // Of several the one that says most is kept.
            guard kept.younger.count < Self.capacity, kept.younger[name]?.state != .delivered else { return }
            kept.younger[name] = report
        }
    }

    /// Hands out what was said of a message, once.
    func take(_ message: String, from provider: String, now: Int64) -> DeliveryReport? {
        guard !message.isEmpty else { return nil }
        return kept.withLock { kept in
            kept.age(now)
            let name = Name(provider: provider, message: message)
            let (younger, older) = (kept.younger.removeValue(forKey: name), kept.older.removeValue(forKey: name))
            return older?.state == .delivered ? older : younger ?? older
        }
    }
}
