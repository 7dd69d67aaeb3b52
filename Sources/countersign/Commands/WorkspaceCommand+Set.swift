import ArgumentParser

extension WorkspaceCommand {
    /// `countersign workspace set`
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change settings. A limit of 0 is off. Live challenges keep what they were made under.")

        @OptionGroup var data: DataOption
        @OptionGroup var server: ServerOption
        @OptionGroup var output: OutputOption
        @OptionGroup(title: "Workspace and passcodes") var passcodes: PasscodeSettings
        @OptionGroup(title: "Sealed passcodes, visitors and sessions") var sealed: SealedSettings

        func run() async throws {
            let patch = passcodes.patch.merging(sealed.patch) { $1 }
            guard !patch.isEmpty else {
                throw CommandError("name at least one setting; countersign workspace set --help lists them")
            }
            let answer = try await server.connection(data.directory).raw("PATCH", "/v1/workspace", body: patch)
            try WorkspaceReport.print(answer, json: output.json)
        }
    }
}
