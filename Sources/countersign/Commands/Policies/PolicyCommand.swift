import ArgumentParser
import JOSE

/// `countersign policy`
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Decide by rules in a file what agents may do; try and explain the rules.",
        discussion: """
            countersign policy test policies.yaml              the tests beside the rules, without a server
            countersign policy replay --since 7d policies.yaml what they would have decided
            countersign policy apply policies.yaml             shows what changes, then changes it all at once
            countersign policy explain perm_…                  why it was decided so
            """,
        subcommands: [Apply.self, Test.self, Explain.self, Replay.self, List.self])

    /// `countersign policy list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the policies in force, in the order in which they decide.")

        @OptionGroup var options: CommandOptions

        func run() async throws {
            let listing = try await options.connection().json("GET", "/v1/policies")
            if options.json { return Output.json(listing) }
            Output.line("version \(listing["version"]?.wholeNumber ?? 0)")
            Output.columns((listing["policies"]?.elements ?? []).map(Self.row))
        }

        private static func row(_ policy: JSONValue) -> [String] {
            let priority = policy["always"]?.isTrue == true ? "always" : policy["priority"]?.description ?? "0"
            let agent = policy["agentId"]?.text.map { " (for \($0))" } ?? ""
            let rest = policy["isActive"]?.isTrue == true ? "" : " (not active)"
            return [
                policy["id"]?.text ?? "", "v\(policy["version"]?.wholeNumber ?? 0)", priority,
                policy["action"]?.text ?? "", (policy["name"]?.text ?? "") + agent + rest,
            ]
        }
    }
}
