import API
import ArgumentParser

/// The command.
@main
struct Countersign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign",
        abstract: "Proves once that a person holds a phone number or an e-mail address.",
        version: ServerVersion.current,
        subcommands: [
            Initialize.self, Serve.self, WorkspaceCommand.self, KeyCommand.self, PasscodeCommand.self, Doctor.self,
        ])
}
