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
}
