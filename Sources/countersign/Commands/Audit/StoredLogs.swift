import AuditLog
import Storage
import TransparencyLog

/// The logs in a database that nobody serves.
struct StoredLogs {
    let database: any Database

    init(_ database: any Database) { self.database = database }

    /// A workspace's log, or that of the only workspace there is. Throws `CommandError` where there are several, or none.
    func log(_ name: String?) async throws -> (workspace: String, published: PublishedLog) {
        let workspace = try await workspace(name)
        do throws(LogReadingError) {
            return (workspace, try await LogReader(database: database).log(of: workspace))
        } catch {
            guard error.code == .notFound else { throw error }
            throw CommandError("\(workspace) has no log that was ever signed: start the server once")
        }
    }

    private func workspace(_ name: String?) async throws -> String {
        if let name { return name }
        let all = try await LogReader(database: database).workspaces()
        guard all.count == 1, let only = all.first else {
            throw CommandError("name one workspace with --workspace: \(all.joined(separator: ", "))")
        }
        return only
    }
}
