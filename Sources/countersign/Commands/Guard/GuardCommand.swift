import API
import ArgumentParser
import FoundationEssentials
import Workspaces

/// `countersign guard`
struct GuardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guard",
        abstract: "What the fraud guard has stopped; lift a stop, set the guard, simulate a fraud.",
        subcommands: [Status.self, Lift.self, Set.self, Simulate.self])

    /// `countersign guard status`
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show what is stopped now.")

        @OptionGroup var options: CommandOptions

        func run() async throws {
            let status = try await options.connection().call("GET", "/v1/guard", as: GuardDescription.self)
            try GuardReport.print(status, json: options.json)
        }
    }

    /// `countersign guard lift`
    struct Lift: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a stop now, and forgive what led to it.",
            discussion: "The flood that led to it is counted anew: where it goes on, the range is stopped again.")

        @OptionGroup var options: CommandOptions
        @Argument(help: "prefix, network, country or application.") var kind: String
        @Argument(help: "The range as guard status shows it, such as +4915112 or DE.") var name: String

        func run() async throws {
            let status = try await options.connection()
                .call("POST", "/v1/guard/lift", body: ["kind": kind, "name": name], as: GuardDescription.self)
            try GuardReport.print(status, json: options.json)
        }
    }

    /// `countersign guard set`
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change what the guard does.")

        @OptionGroup var options: CommandOptions
        @Option(help: "off, shadow (reports only) or enforce.") var mode: String?
        @Option(parsing: .unconditional, help: "Unverified codes an hour to a new prefix; 0: unwatched, as below.")
        var prefixBudget: Int?
        @Option(parsing: .unconditional, help: "The same from a visitor's network.") var networkBudget: Int?
        @Option(parsing: .unconditional, help: "The same to a country.") var countryBudget: Int?
        @Option(parsing: .unconditional, help: "The same of an application.") var applicationBudget: Int?
        @Option(help: "The only countries to send to, such as DE,AT; \"\" for all.") var allowedCountries: String?
        @Option(help: "Countries to send nothing to; \"\" for none.") var deniedCountries: String?
        @Option(help: "Kinds of numbers to send nothing to, such as voip,premium_rate; \"\" for none.")
        var deniedNumberTypes: String?
        @Option(parsing: .unconditional, help: "Sends a day over all recipients; 0: no limit.") var dailyBudget: Int?

        func run() async throws {
            var patch = SettingsPatch()
            patch.add(text: mode, "guard_mode")
            patch.add(number: prefixBudget, "guard_prefix_budget")
            patch.add(number: networkBudget, "guard_network_budget")
            patch.add(number: countryBudget, "guard_country_budget")
            patch.add(number: applicationBudget, "guard_application_budget")
            patch.add(list: allowedCountries, "allowed_countries")
            patch.add(list: deniedCountries, "denied_countries")
            patch.add(list: deniedNumberTypes, "denied_number_types")
            patch.add(number: dailyBudget, "daily_budget")
            guard !patch.values.isEmpty else {
                throw CommandError("name at least one setting; countersign guard set --help lists them")
            }
            let connection = try options.connection()
            _ = try await connection.raw("PATCH", "/v1/workspace", body: patch.values)
            try GuardReport.print(
                try await connection.call("GET", "/v1/guard", as: GuardDescription.self), json: options.json)
        }
    }
}

/// The guard as a person reads it.
enum GuardReport {
    static func print(_ status: GuardDescription, json: Bool) throws {
        if json { return try Output.json(status) }
        var rows = [("mode", status.mode.rawValue)]
        for (kind, budget) in status.budgets.sorted(by: { $0.key < $1.key }) {
            rows.append(("\(kind) budget", budget == 0 ? "unwatched" : "\(budget) an hour"))
        }
        let lists = [
            ("allowed countries", status.allowedCountries), ("denied countries", status.deniedCountries),
            ("denied number types", status.deniedNumberTypes.map(\.rawValue)),
        ]
        for (name, list) in lists where !list.isEmpty { rows.append((name, list.joined(separator: ","))) }
        Output.table(rows)
        guard !status.stops.isEmpty else { return Output.line("nothing is stopped") }
        let verb = status.mode == .enforce ? "refused" : "would refuse"
        Output.columns(
            [["stopped", "", "since", verb, "probes", "verified"]]
                + status.stops.map {
                    [$0.kind, $0.name, $0.since, String($0.refused), String($0.probes), String($0.verifiedProbes)]
                })
    }
}
