import Synchronization

/// The workspaces whose logs have grown, or may have: a unit of work that marks one can still be undone.
final class ChangedLogs: Sendable {
    private let workspaces = Mutex<Set<String>>([])

    func mark(_ workspace: String) { workspaces.withLock { _ = $0.insert(workspace) } }

    /// Those that were marked since the last call.
    func take() -> Set<String> {
        workspaces.withLock { marked in
            defer { marked.removeAll() }
            return marked
        }
    }
}
