import ArgumentParser
import FoundationEssentials
import JOSE

extension PermissionCommand {
    /// `countersign permission watch`
    struct Watch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell each request that waits for a person, those that wait already first, until it is ended.",
            discussion: "With --json one JSON object a line.")

        @OptionGroup var options: CommandOptions
        @Option(help: "Seconds between two looks, 1 to 3600.") var interval = 1

        func validate() throws {
            guard (1...3600).contains(interval) else { throw ValidationError("--interval must be 1 to 3600 seconds") }
        }

        func run() async throws {
            let connection = try options.connection()
            var told = tell(try await Self.pending(connection), but: [])
            if !options.json { Terminal.say("Watching; Ctrl-C ends it.") }
            while true {
                try await Task.sleep(for: .seconds(interval))
                do {
                    told = tell(try await Self.pending(connection), but: told)
                } catch let error as CommandError {
                    // A server that restarts is back soon.
                    Terminal.say("\(error) (trying again)")
                }
            }
        }

        private static func pending(_ connection: ServerConnection) async throws -> [JSONValue] {
            try await connection.all("/permissions", [("status", "pending")]).reversed()
        }

        /// Prints those that were not told yet, and returns the identifiers of all.
        private func tell(_ pending: [JSONValue], but told: Set<String>) -> Set<String> {
            let reports = pending.map { PermissionReport($0) }
            for report in reports where !told.contains(report.id) {
                options.json ? Output.json(report.answer) : Output.columns([report.row])
            }
            return Set(reports.map(\.id))
        }
    }
}
