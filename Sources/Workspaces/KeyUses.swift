import Storage
import Synchronization

/// Remembers when keys were used, and writes it down at most twice a minute for each key: one write for each request
/// would cost more than the request.
final class KeyUses: Sendable {
    static let interval: Int64 = 30_000

    private let written = Mutex<[String: Int64]>([:])

    /// Whether this use has to be written down, which then counts as done.
    func isDue(_ key: String, at now: Int64) -> Bool {
        written.withLock { written in
            if let last = written[key], now - last < Self.interval { return false }
            written[key] = now
            return true
        }
    }

    func write(_ key: String, workspace: String, at now: Int64, in database: any Database) async {
        // A use that cannot be written down must not refuse the request that it belongs to.
        _ = try? await database.write { transaction in
            try transaction.execute(
                "UPDATE api_key SET last_used_at = $3 WHERE workspace = $1 AND id = $2",
                [.text(workspace), .text(key), .integer(now)])
        }
    }
}
