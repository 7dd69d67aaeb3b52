import API
import ArgumentParser
import FoundationEssentials

extension WebhookCommand {
    /// `countersign webhook rotate`
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new secret; for a while messages carry signatures by the old one as well.")

        @OptionGroup var target: WebhookTarget
        @Option(help: "Hours that the old secret signs on, 0 to 168 (default 24). 0 ends it at once.")
        var graceHours: Int?

        func validate() throws {
            guard 0...168 ~= graceHours ?? 0 else { throw ValidationError("--grace-hours must be 0 to 168") }
        }

        func run() async throws {
            let body = graceHours.map { ["grace_period_seconds": $0 * 3600] }
            let rotated = try await target.connection().call(
                "POST", "\(target.path)/rotate-secret", body: body, as: WebhookDescription.self)
            try WebhookReport.printSecret(rotated, json: target.output.json)
        }
    }

    /// `countersign webhook enable`
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send events to a disabled endpoint again.")

        @OptionGroup var target: WebhookTarget

        func run() async throws { try await target.change(["enabled": .boolean(true)]) }
    }

    /// `countersign webhook disable`
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send nothing more to an endpoint; what waits goes to its dead letters.")

        @OptionGroup var target: WebhookTarget

        func run() async throws { try await target.change(["enabled": .boolean(false)]) }
    }

    /// `countersign webhook delete`
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete an endpoint with its secrets and all that was or is to be delivered.")

        @OptionGroup var target: WebhookTarget

        func run() async throws {
            _ = try await target.connection().raw("DELETE", target.path)
            if target.output.json { return try Output.json(["id": target.id.text, "status": "deleted"]) }
            Output.line("\(target.id.text) is deleted.")
        }
    }
}
