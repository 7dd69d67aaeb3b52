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

    /// `countersign workspace set`
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change settings. A limit of 0 is off. Live challenges keep what they were made under.")

        @OptionGroup var data: DataOption
        @OptionGroup var server: ServerOption
        @OptionGroup var output: OutputOption

        @Option var name: String?
        @Option(help: "active, inactive or past_due.") var subscription: String?
        @Option(help: "Domain of the last line @example.com #123456; \"\" for none.") var domain: String?
        @Option(help: "sms, voice or whatsapp.") var defaultChannel: String?
        @Option(help: "Sends a calendar month.") var monthlyQuota: Int?
        @Option(help: "Sends a day.") var dailyBudget: Int?
        @Option(help: "Seconds between two sends to one recipient.") var cooldownSeconds: Int?
        @Option(help: "6 to 9.") var codeLength: Int?
        @Option(help: "digits or base32.") var codeAlphabet: String?
        @Option(help: "1 to 600.") var codeLifetimeSeconds: Int?
        @Option(help: "true or false: the code in the mail's subject.") var codeInSubject: Bool?
        @Option(help: "true or false: premium-rate numbers.") var allowPremium: Bool?
        @Option(help: "Sends an hour to one recipient.") var recipientLimit: Int?
        @Option(help: "Sends an hour to one number prefix.") var prefixLimit: Int?
        @Option(help: "Sends an hour to one country.") var countryLimit: Int?
        @Option(help: "Sends an hour asked for from one network.") var networkLimit: Int?

        func run() async throws {
            guard !patch.isEmpty else {
                throw CommandError("name at least one setting; countersign workspace set --help lists them")
            }
            let answer = try await server.connection(data.directory).raw("PATCH", "/v1/workspace", body: patch)
            try WorkspaceReport.print(answer, json: output.json)
        }

        private var patch: [String: SettingValue] {
            var patch: [String: SettingValue] = [:]
            let texts = [
                "name": name, "subscription": subscription, "default_channel": defaultChannel,
                "code_alphabet": codeAlphabet,
            ]
            let numbers = [
                "monthly_quota": monthlyQuota, "daily_budget": dailyBudget, "cooldown_seconds": cooldownSeconds,
                "code_length": codeLength, "code_lifetime_seconds": codeLifetimeSeconds,
                "recipient_limit": recipientLimit, "prefix_limit": prefixLimit, "country_limit": countryLimit,
                "network_limit": networkLimit,
            ]
            for (name, value) in texts { patch[name] = value.map { .text($0) } }
            for (name, value) in numbers { patch[name] = value.map { .number($0) } }
            patch["code_in_subject"] = codeInSubject.map { .boolean($0) }
            patch["allow_premium"] = allowPremium.map { .boolean($0) }
            if let domain { patch["domain"] = domain.isEmpty ? .null : .text(domain) }
            return patch
        }
    }
}

/// A workspace as a person reads it.
private struct WorkspaceReport: Decodable {
    var id: String
    var name: String
    var subscription: String
    var settings: [String: SettingValue]
    var usedThisMonth: Int

    enum CodingKeys: String, CodingKey {
        case id, name, subscription, settings
        case usedThisMonth = "used_this_month"
    }

    static func print(_ answer: Data, json: Bool) throws {
        if json { return Output.line(String(decoding: answer, as: UTF8.self)) }
        let report = try JSONDecoder().decode(WorkspaceReport.self, from: answer)
        Output.table(
            [
                ("workspace", report.id), ("name", report.name), ("subscription", report.subscription),
                ("used this month", String(report.usedThisMonth)),
            ] + report.settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value.text) })
    }
}
