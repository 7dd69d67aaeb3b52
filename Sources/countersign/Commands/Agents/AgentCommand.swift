import ArgumentParser

/// `countersign agent`
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Make agents and their keys, switch them off, and see what they do.",
        discussion: """
            An agent asks for permissions with its key (ak_live_…; ak_test_… asks nobody). stop, disable, revoke and \
            delete end all that it was permitted at once; they differ in what works again: stop and disable are undone by \
            resume and enable, revoke ends the keys for good, delete ends the agent.
            """,
        subcommands: [
            Create.self, List.self, Show.self, Key.self, RotateKey.self, Revoke.self, Disable.self, Enable.self,
            Stop.self, Resume.self, Delete.self, Statistics.self,
        ])
}
