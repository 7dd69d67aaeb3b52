import ArgumentParser

/// What the commands take that ask a server about one log.
struct AuditOptions: ParsableArguments {
    @OptionGroup var common: CommandOptions
    @Option(help: "The workspace, where there are several; - for the installation's own log, to read it.")
    var workspace: String?

    var json: Bool { common.json }

    func validate() throws {
        guard workspace != "" else { throw ValidationError("--workspace must name one") }
        guard workspace == nil || (common.server.server == nil && common.server.key == nil) else {
            throw ValidationError("Leave --workspace out: a key is of one workspace.")
        }
    }

    func connection() throws -> ServerConnection {
        var connection = try common.connection()
        connection.workspace = workspace
        return connection
    }
}
