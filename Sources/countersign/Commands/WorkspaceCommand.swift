import ArgumentParser
import FoundationEssentials
import Workspaces

/// `countersign workspace`
struct WorkspaceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workspace", abstract: "Show or change the workspace's settings.",
        subcommands: [Show.self, Set.self])

    /// `countersign workspace show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the settings and what is used this month.")

        @OptionGroup var data: DataOption
        @OptionGroup var server: ServerOption
        @OptionGroup var output: OutputOption

        func run() async throws {
            let answer = try await server.connection(data.directory).raw("GET", "/v1/workspace")
            try WorkspaceReport.print(answer, json: output.json)
        }
    }
}

/// A workspace as a person reads it.
struct WorkspaceReport: Decodable {
    var id: String
    var organization: String
    var authProxyConfiguration: String
    var name: String
    var subscription: String
    var settings: [String: SettingValue]
    var usedThisMonth: Int
    var warnings: [String]?

    enum CodingKeys: String, CodingKey {
        case id
        case organization = "organization_id"
        case authProxyConfiguration = "auth_proxy_config"
        case name, subscription, settings
        case usedThisMonth = "used_this_month"
        case warnings
    }

    static func print(_ answer: Data, json: Bool) throws {
        if json { return Output.line(String(decoding: answer, as: UTF8.self)) }
        let report = try JSONDecoder().decode(WorkspaceReport.self, from: answer)
        Output.table(
            [
                ("workspace", report.id), ("organization id", report.organization),
                ("auth proxy config", report.authProxyConfiguration), ("name", report.name),
                ("subscription", report.subscription), ("used this month", String(report.usedThisMonth)),
            ] + report.settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value.text) })
        Output.warnings(report.warnings)
    }
}
