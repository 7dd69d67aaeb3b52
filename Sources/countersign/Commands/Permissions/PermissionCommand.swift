import ArgumentParser

/// `countersign permission`
struct PermissionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "permission",
        abstract: "See what agents ask for, and approve or deny it.",
        discussion: """
            On the server's machine the local user is an operator. From elsewhere: --server ADDRESS, and in COUNTERSIGN_KEY \
            an approver's own key, which two approvals of one request need to tell people apart.
            """,
        subcommands: [List.self, Show.self, Approve.self, Deny.self, Watch.self])
}
