import API
import ArgumentParser
import FoundationEssentials
import JOSE

extension AuditCommand {
    /// `countersign audit list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show entries, the newest first.")

        @OptionGroup var options: CommandOptions
        @Option(help: "The identifier of what was acted on.") var record: String?
        @Option(help: "The agent that it is about.") var agent: String?
        @Option(help: "Such as challenge.verified.") var action: String?
        @Option(help: "RFC 3339, such as 2026-11-21T08:00:00Z.") var from: String?
        @Option(help: "RFC 3339.") var to: String?
        @Option(help: "1 to 100.") var limit = 20
        @Option(help: "1 for the newest.") var page = 1

        func run() async throws {
            let wishes = [
                ("permissionRequestId", record), ("agentId", agent), ("eventType", action), ("startDate", from),
                ("endDate", to), ("limit", String(limit)), ("page", String(page)),
            ]
            let query = wishes.compactMap { name, value in
                value.map { "\(name)=\(PathSegment($0))" }
            }
            let answer = try await options.connection().json("GET", "/api/v1/audit?" + query.joined(separator: "&"))
            if options.json { return Output.json(answer["data"] ?? .null) }
            Output.columns((answer["data"]?.elements ?? []).map(Self.row))
        }

        private static func row(_ entry: JSONValue) -> [String] {
            let details = entry["details"]
            return [
                entry["id"]?.text, entry["createdAt"]?.text, details?["actor"]?.text, entry["eventType"]?.text,
                details?["outcome"]?.text, details?["record"]?.text, details?["detail"]?.text,
            ].map { $0 ?? "" }
        }
    }
}
