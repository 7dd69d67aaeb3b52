import ArgumentParser

extension AuditCommand {
    /// `countersign audit state`
    struct State: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show whether the log is signed, how long it is kept, and what was pruned.")

        @OptionGroup var options: AuditOptions

        private struct Answer: Codable {
            var state: String
            var size: Int
            var minimum: Int
            var retention: String
            var legalHold: Bool
            var nextPruning: String?

            enum CodingKeys: String, CodingKey {
                case state, size, minimum, retention
                case legalHold = "legal_hold"
                case nextPruning = "next_pruning"
            }
        }

        func run() async throws {
            let answer = try await options.connection().call("GET", "/v1/log/state", as: Answer.self)
            if options.json { return try Output.json(answer) }
            Output.table([
                ("state", answer.state), ("entries signed", String(answer.size)),
                ("entries pruned", String(answer.minimum)), ("retention", answer.retention),
                ("legal hold", answer.legalHold ? "on" : "off"),
                ("next pruning", answer.nextPruning ?? "none"),
            ])
        }
    }
}
