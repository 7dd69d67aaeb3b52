import ArgumentParser
import JOSE

extension PermissionCommand {
    /// `countersign permission list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List permissions, the newest first.", discussion: "countersign permission list --status pending")

        @OptionGroup var options: CommandOptions
        @Option(help: "pending, approved, denied, expired, used or revoked (default: all).") var status: String?
        @Option(help: "Of this agent alone.") var agent: String?
        @Option(help: "How many, at most 100.") var limit = 20
        @Option(help: "Which part of the list, from 1.") var page = 1

        func run() async throws {
            let found = try await options.connection().page(
                "/permissions",
                [("status", status), ("agentId", agent), ("limit", String(limit)), ("page", String(page))])
            if options.json { return Output.json(.members(["permissions": .array(found.items)])) }
            Output.columns(found.items.map { PermissionReport($0).row })
            if page < found.pages { Output.line("Page \(page) of \(found.pages); the next: --page \(page + 1)") }
        }
    }

    /// `countersign permission show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what an agent asked for, what approvers are shown, and how it stands.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var permission: IdentifierOption

        func run() async throws {
            let found = try await options.connection().dialect("GET", "/permissions/\(permission.segment)")
            options.json ? Output.json(found) : PermissionReport(found).print()
        }
    }
}
