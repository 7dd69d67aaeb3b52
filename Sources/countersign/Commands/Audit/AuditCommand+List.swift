import ArgumentParser
import JOSE

extension AuditCommand {
    /// `countersign audit list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show entries, the newest first.",
            discussion: #"With --json one object: {"entries":[…],"next":N}; --before N reads on."#)

        @OptionGroup var options: AuditOptions
        @OptionGroup var filter: AuditFilterOptions
        @Option(help: "1 to 1,000.") var limit = 20
        @Option(help: "Only entries in front of that number, to read on.") var before: Int?

        func validate() throws {
            guard (1...1000).contains(limit) else { throw ValidationError("--limit must be 1 to 1000") }
        }

        func run() async throws {
            let page = try await options.connection().newestEntries(filter, count: limit, before: before)
            if options.json {
                return Output.json(
                    .members([
                        "entries": .array(page.entries.map(\.answer)), "next": page.next.map { .integer(Int64($0)) },
                    ]))
            }
            Output.columns(page.entries.map(\.row))
            if let next = page.next { Terminal.say("Older ones: --before \(next)") }
        }
    }
}
