import Storage

/// What an installation decides once and keeps: settings that no file names must not change with the command line.
public struct InstallationRecord: Sendable {
    private static let instance = "-"
    let database: any Database

    public init(database: any Database) { self.database = database }

    /// The issuer of an installation that configures none: `proposal` the first time, the same for ever after.
    public func issuer(proposal: String) async throws(WorkspaceError) -> String {
        try await database.write(throwing: WorkspaceError.self) { transaction in
            try transaction.execute(
                """
                INSERT INTO installation (workspace, name, value) VALUES ($1, 'issuer', $2)
                ON CONFLICT (workspace, name) DO NOTHING
                """, [.text(Self.instance), .text(proposal)])
            let row = try transaction.row(
                "SELECT value FROM installation WHERE workspace = $1 AND name = 'issuer'", [.text(Self.instance)])
            return try row?.text(0) ?? proposal
        }
    }
}
