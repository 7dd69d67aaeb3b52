import Storage

/// What an installation decides once and keeps: settings that no file names must not change with the command line.
public struct InstallationRecord: Sendable {
    let database: any Database

    public init(database: any Database) { self.database = database }

    /// The issuer of an installation that configures none: `proposal` the first time, the same for ever after.
    public func issuer(proposal: String) async throws(WorkspaceError) -> String {
        try await database.write(throwing: WorkspaceError.self) { transaction in
            try InstallationValue.issuer.keep(proposal, in: transaction)
            return try InstallationValue.issuer.read(in: transaction) ?? proposal
        }
    }
}
