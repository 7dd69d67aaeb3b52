import API
import ArgumentParser

/// The command.
@main
struct Countersign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign",
        abstract: "One-time codes that prove who people are, and one-time permissions for agents.",
        version: ServerVersion.current,
        subcommands: [
            Initialize.self, Serve.self, WorkspaceCommand.self, KeyCommand.self, PasscodeCommand.self,
            TemplateCommand.self, AgentCommand.self, ApproverCommand.self, PolicyCommand.self, PermissionCommand.self,
            WebhookCommand.self, GuardCommand.self, VaultCommand.self, AuditCommand.self, BackupCommand.self,
            RestoreCommand.self, CertificateCommand.self, Doctor.self,
        ])

    private static func run(_ parsed: any ParsableCommand) async throws {
        if var command = parsed as? any AsyncParsableCommand {
            try await command.run()
        } else {
            var command = parsed
            try command.run()
        }
    }

    /// As the parser's own, but that an error is JSON on standard error where a program asked for JSON.
    static func main() async {
        do {
            try await run(parseAsRoot())
        } catch let error as CommandError where CommandLine.arguments.contains("--json") {
            Terminal.say(error.json.description)
            exit(withError: ExitCode.failure)
        } catch {
            exit(withError: error)
        }
    }
}
