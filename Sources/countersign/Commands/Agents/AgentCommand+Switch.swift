import API
import ArgumentParser
import JOSE

/// The kill switches.
extension AgentCommand {
    /// One agent, or all of the workspace.
    struct Target: ParsableArguments {
        @Option(help: "One agent, as list shows it.") var id: String?
        @Flag(help: "All agents of the workspace.") var all = false

        func validate() throws {
            guard (id?.isEmpty ?? true) == all else {
                throw ValidationError("Name one agent with --id ID, or all of them with --all.")
            }
        }
    }

    /// `countersign agent stop`
    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The kill switch: refuse an agent, or all agents, and end all that was permitted, at once.",
            discussion: "countersign agent stop --all")

        @OptionGroup var options: CommandOptions
        @OptionGroup var target: Target

        func run() async throws {
            guard let id = target.id else { return try await options.switchAll("stop") }
            try await options.switchAgent(id, on: false)
        }
    }

    /// `countersign agent resume`
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let an agent, or all agents that are not switched off themselves, work again.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var target: Target

        func run() async throws {
            guard let id = target.id else { return try await options.switchAll("resume") }
            try await options.switchAgent(id, on: true)
        }
    }

    /// `countersign agent disable`
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Switch an agent off, as stop --id does.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var agent: IdentifierOption

        func run() async throws { try await options.switchAgent(agent.value, on: false) }
    }

    /// `countersign agent enable`
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Switch an agent on, as resume --id does.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var agent: IdentifierOption

        func run() async throws { try await options.switchAgent(agent.value, on: true) }
    }

    /// `countersign agent delete`
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete an agent, its keys and what they opened; what it did stays in the audit.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var agent: IdentifierOption
        @Flag(help: "Do not ask first.") var yes = false

        func run() async throws {
            guard yes || Terminal.agrees(to: "Delete \(agent.value) for good?") else {
                throw CommandError("nothing was deleted")
            }
            let deleted = try await options.connection().dialect("DELETE", "/agents/\(agent.segment)")
            options.json ? Output.json(deleted) : Output.line("\(agent.value) is deleted.")
        }
    }
}

extension CommandOptions {
    fileprivate func switchAgent(_ id: String, on isOn: Bool) async throws {
        let agent = try await connection().dialect(
            "PATCH", "/agents/\(PathSegment(id))", body: .members(["isActive": .boolean(isOn)]))
        if json { return Output.json(agent) }
        Output.line(isOn ? "\(id) works again." : "\(id) is switched off, and all that it was permitted is over.")
    }

    fileprivate func switchAll(_ word: String) async throws {
        let stop = try await connection().call("POST", "/v1/agents/\(word)", as: AgentStopDescription.self)
        if json { return try Output.json(stop) }
        Output.line(
            stop.stopped
                ? "All agents are stopped, and all that they were permitted is over. Undo: countersign agent resume --all"
                : "All agents work again, except those that are switched off themselves.")
    }
}
