import FoundationEssentials
import Synchronization

/// Decoded settings by the text that they were decoded from: a row is read with every request, its JSON rarely
/// changes. The text is the key, so nothing has to be told when a setting changes.
final class SettingsCache: Sendable {
    /// One for all that read settings in this process: it holds what a text means, which is the same for each.
    static let shared = SettingsCache()

    private static let limit = 1_000
    private let decoded = Mutex<[String: WorkspaceSettings]>([:])

    func settings(_ text: String) throws(WorkspaceError) -> WorkspaceSettings {
        if let known = decoded.withLock({ $0[text] }) { return known }
        guard let settings = try? JSONDecoder().decode(WorkspaceSettings.self, from: Data(text.utf8)) else {
            throw .unavailable("a workspace's settings cannot be read")
        }
        decoded.withLock { decoded in
            if decoded.count >= Self.limit { decoded.removeAll() }
            decoded[text] = settings
        }
        return settings
    }
}
