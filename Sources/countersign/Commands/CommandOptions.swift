import ArgumentParser

/// Which server a command talks to and how it prints: what nearly every command takes.
struct CommandOptions: ParsableArguments {
    @OptionGroup var data: DataOption
    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption

    var json: Bool { output.json }

    func connection() throws -> ServerConnection { try server.connection(data.directory) }
}

/// What a command is about, by its identifier: `ID` or `--id ID`.
struct IdentifierOption: ParsableArguments {
    @Argument(help: "The identifier, as list shows it.") var identifier: String?
    @Option(name: .customLong("id"), help: "The same by name.") var option: String?

    func validate() throws {
        guard (identifier ?? "").isEmpty != (option ?? "").isEmpty else {
            throw ValidationError("Name one identifier, as list shows it: ID or --id ID.")
        }
    }

    /// The identifier.
    var value: String { identifier ?? option ?? "" }

    /// As it stands in a path.
    var segment: PathSegment { PathSegment(value) }
}
