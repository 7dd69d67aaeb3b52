import AuditLog
import EnclaveLink
import Synchronization

/// A captcha that was no clear yes.
struct CaptchaFinding: Hashable, Sendable {
    var workspace: String
    var outcome: CaptchaOutcome
    /// True where the visitor was let in all the same.
    var passed: Bool

    var auditOutcome: AuditOutcome {
        if passed { return .done }
        return outcome == .refused ? .refused : .failed
    }
}

/// Counts findings, so that strangers do not make the audit log grow as fast as they can ask. At most a few numbers for
/// each workspace.
final class CaptchaFindings: Sendable {
    /// Milliseconds between two entries for one finding.
    static let interval: Int64 = 60_000

    private struct Count {
        var writtenAt: Int64
        var since = 0
    }

    private let counts = Mutex<[CaptchaFinding: Count]>([:])

    /// How many there were since the last entry, this one included, if an entry is due; else nil.
    func note(_ finding: CaptchaFinding, at now: Int64) -> Int? {
        counts.withLock { counts in
            guard var count = counts[finding] else {
                counts[finding] = Count(writtenAt: now)
                return 1
            }
            count.since += 1
            let isDue = now - count.writtenAt >= Self.interval
            counts[finding] = isDue ? Count(writtenAt: now) : count
            return isDue ? count.since : nil
        }
    }
}
