import API
import ArgumentParser
import JOSE

extension AgentCommand {
    /// `countersign agent list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the agents, and whether all are stopped.")

        @OptionGroup var options: CommandOptions

        func run() async throws {
            let connection = try options.connection()
            let agents = try await connection.all("/agents")
            let stop = try await connection.call("GET", "/v1/agents/stop", as: AgentStopDescription.self)
            if options.json {
                return Output.json(.members(["agents": .array(agents), "stopped": .boolean(stop.stopped)]))
            }
            if let since = stop.stoppedAt {
                Output.line("All agents are stopped since \(since). Let them work with: countersign agent resume --all")
            }
            Output.columns(agents.map(\.agentRow))
        }
    }

    /// `countersign agent show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show an agent and its keys.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var agent: IdentifierOption

        func run() async throws {
            let connection = try options.connection()
            let shown = try await connection.dialect("GET", "/agents/\(agent.segment)")
            let keys = try await connection.json("GET", "/v1/agents/\(agent.segment)/keys")["keys"] ?? .array([])
            if options.json {
                return Output.json(.object((shown.members ?? []) + [.init(name: "keys", value: keys)]))
            }
            Output.table((shown.members ?? []).map { ($0.name, $0.value.text ?? $0.value.description) })
            Output.columns(
                (keys.elements ?? []).map { key in
                    let end = key["revoked_at"]?.text.map { "revoked \($0)" }
                    let expiry = key["expires_at"]?.text.map { "expires \($0)" }
                    return ["key", key["id"]?.text ?? "", key["hint"]?.text ?? "", end ?? expiry ?? "in force"]
                })
        }
    }

    /// `countersign agent stats`
    struct Statistics: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stats", abstract: "Show what an agent asked for and what became of it.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var agent: IdentifierOption
        @Option(help: "1h, 24h, 7d or 30d.") var period = "24h"

        func run() async throws {
            let figures = try await options.connection()
                .dialect("GET", "/agents/\(agent.segment)/stats?period=\(PathSegment(period))")
            if options.json { return Output.json(figures) }
            Output.table((figures.members ?? []).map { ($0.name, $0.value.text ?? $0.value.description) })
        }
    }
}

extension JSONValue {
    /// An agent in a list.
    fileprivate var agentRow: [String] {
        let used = self["lastUsedAt"]?.text.map { "used \($0)" } ?? "not used yet"
        return [
            self["id"]?.text ?? "", self["isActive"]?.isTrue == true ? "on" : "off", self["name"]?.text ?? "", used,
        ]
    }
}
