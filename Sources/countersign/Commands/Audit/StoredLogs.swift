import AuditLog
import Storage
import TransparencyLog

/// The logs in a database that nobody serves.
struct StoredLogs {
    /// One of them.
    struct Log {
        let workspace: String
        /// The key that the installation itself names.
        let verifierKey: String
    }

    let database: any Database
    private var reader: LogReader { LogReader(database: database) }

    init(_ database: any Database) { self.database = database }

    /// The workspaces that have a log, signed or not, the installation itself last.
    func workspaces() async throws -> [String] { try await reader.workspaces() }

    /// A workspace's log; nil where it was never signed. Throws `LogFault` where its row is none.
    func log(_ workspace: String) async throws -> Log? {
        do throws(LogReadingError) {
            return Log(workspace: workspace, verifierKey: try await reader.log(of: workspace).verifierKey)
        } catch {
            switch error.code {
            case .notFound: return nil
            case .damaged: throw LogFault(.checkpoint, "The row of the log cannot be read: \(error.reason)")
            default: throw error
            }
        }
    }
}
