import API
import ArgumentParser
import FoundationEssentials
import Workspaces

/// `countersign webhook`
struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Tell other servers of events; see what arrived, and send it again.",
        subcommands: [
            List.self, Create.self, Change.self, Rotate.self, Enable.self, Disable.self, Delete.self, Test.self,
            Deliveries.self, Replay.self,
        ])

    /// `countersign webhook list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the endpoints.")

        @OptionGroup var data: DataOption
        @OptionGroup var server: ServerOption
        @OptionGroup var output: OutputOption

        func run() async throws {
            let listing = try await server.connection(data.directory)
                .call("GET", "/v1/webhooks", as: WebhookListing.self)
            if output.json { return try Output.json(listing) }
            for webhook in listing.webhooks { WebhookReport.print(webhook) }
        }
    }

    /// `countersign webhook create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an endpoint; its secret, by which the receiver knows our messages, is shown once.")

        @OptionGroup var data: DataOption
        @OptionGroup var server: ServerOption
        @OptionGroup var output: OutputOption

        @Option(help: "The receiver's address: https://…") var url: String
        @Option(help: "Types such as permission.requested, with commas between them (default: all).")
        var events: String?
        @Option(help: "What the endpoint is for.") var description: String?

        func run() async throws {
            var wish = SettingsPatch()
            wish.add(text: url, "url")
            wish.add(text: description, "description")
            wish.add(list: events, "event_types")
            let created = try await server.connection(data.directory)
                .call("POST", "/v1/webhooks", body: wish.values, as: WebhookDescription.self)
            try WebhookReport.printSecret(created, json: output.json)
        }
    }

    /// `countersign webhook change`
    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change an endpoint's address, types or description.")

        @OptionGroup var target: WebhookTarget
        @Option(help: "The receiver's address: https://…") var url: String?
        @Option(help: "Types with commas between them, or all.") var events: String?
        @Option(help: "What the endpoint is for.") var description: String?

        func run() async throws {
            var patch = SettingsPatch()
            patch.add(text: url, "url")
            patch.add(text: description, "description")
            patch.add(list: events == "all" ? nil : events, "event_types")
            var values = patch.values
            if events == "all" { values["event_types"] = .null }
            guard !values.isEmpty else {
                throw CommandError("nothing to change: give --url, --events or --description")
            }
            try await target.change(values)
        }
    }
}

/// The endpoint that a command is about.
struct WebhookTarget: ParsableArguments {
    @OptionGroup var data: DataOption
    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @Argument(help: "The endpoint's id, as webhook list shows it.") var id: RecordArgument

    /// The endpoint's path in the operator's API.
    var path: String { "/v1/webhooks/\(id.text)" }

    func connection() throws -> ServerConnection { try server.connection(data.directory) }

    func change(_ values: [String: SettingValue]) async throws {
        let changed = try await connection().call("PATCH", path, body: values, as: WebhookDescription.self)
        if output.json { return try Output.json(changed) }
        WebhookReport.print(changed)
    }
}

/// The id of a record, which stands in a path.
struct RecordArgument: ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        let isPlain = argument.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        guard isPlain, !argument.isEmpty else { return nil }
        text = argument
    }
}
