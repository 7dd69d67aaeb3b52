import API
import ArgumentParser
import FoundationEssentials
import Workspaces

extension WebhookCommand {
    /// `countersign webhook test`
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send an event of the type webhook.test.")

        @OptionGroup var target: WebhookTarget

        func run() async throws {
            let queued = try await target.connection()
                .call("POST", "\(target.path)/test", as: QueuedWebhook.self)
            if target.output.json { return try Output.json(queued) }
            Output.line("\(queued.delivery) is on its way; see: countersign webhook deliveries \(target.id.text)")
        }
    }

    /// `countersign webhook deliveries`
    struct Deliveries: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what was sent to an endpoint, newest first, or the attempts of one delivery.")

        @OptionGroup var target: WebhookTarget
        @Option(help: "waiting, delivered or dead (default: all).") var state: RecordArgument?
        @Option(help: "How many, 1 to 100 (default 20).") var limit: Int?
        @Option(help: "Go on after this delivery.") var before: RecordArgument?
        @Option(help: "Show the attempts of this delivery instead.") var delivery: RecordArgument?

        func run() async throws {
            if let delivery { return try await showAttempts(delivery.text) }
            let parameters = [
                state.map { "state=\($0.text)" }, limit.map { "limit=\($0)" }, before.map { "before=\($0.text)" },
            ].compactMap(\.self).joined(separator: "&")
            let listing = try await target.connection().call(
                "GET", "\(target.path)/deliveries\(parameters.isEmpty ? "" : "?\(parameters)")",
                as: WebhookDeliveryListing.self)
            if target.output.json { return try Output.json(listing) }
            Output.table(listing.deliveries.map { ($0.id, WebhookReport.line($0)) })
        }

        private func showAttempts(_ delivery: String) async throws {
            let listing = try await target.connection().call(
                "GET", "\(target.path)/deliveries/\(delivery)", as: WebhookAttemptListing.self)
            if target.output.json { return try Output.json(listing) }
            Output.table(listing.attempts.map { ("\($0.number)  \($0.time)", WebhookReport.line($0)) })
        }
    }

    /// `countersign webhook replay`
    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send dead letters again, under the ids that they had.")

        @OptionGroup var target: WebhookTarget
        @Option(help: "Send this one.") var delivery: String?
        @Flag(help: "Send all of them.") var all = false

        func run() async throws {
            guard (delivery != nil) != all else { throw CommandError("give either --delivery or --all") }
            let wish: [String: SettingValue] =
                delivery.map { ["delivery": .text($0)] } ?? ["all": .boolean(true)]
            let answer = try await target.connection().call(
                "POST", "\(target.path)/replay", body: wish, as: ReplayedWebhooks.self)
            if target.output.json { return try Output.json(answer) }
            Output.line("\(answer.replayed) sent again.")
        }
    }
}
