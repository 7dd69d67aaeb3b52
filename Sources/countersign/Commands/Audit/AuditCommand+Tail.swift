import ArgumentParser

extension AuditCommand {
    /// `countersign audit tail`
    struct Tail: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the newest entries, the oldest of them first, and with --follow each one that comes.",
            discussion: "With --json one JSON object a line.")

        @OptionGroup var options: AuditOptions
        @OptionGroup var filter: AuditFilterOptions
        @Option(name: [.customShort("n"), .long], help: "0 to 1,000.") var lines = 20
        @Flag(help: "Go on until Ctrl-C.") var follow = false

        private static let step = 1000

        func validate() throws {
            guard (0...1000).contains(lines) else { throw ValidationError("--lines must be 0 to 1000") }
        }

        func run() async throws {
            let connection = try options.connection()
            let newest = try await connection.newestEntries(filter, count: max(lines, 1))
            tell(newest.entries.prefix(lines).reversed())
            guard follow else { return }
            var place = newest.entries.first?.sequence ?? 0
            while true {
                let next = try await tellNews(connection, after: place)
                // Where something came there may be more.
                if next == place { try await Task.sleep(for: .seconds(1)) }
                place = next
            }
        }

        /// Tells what came after a number, and returns the one to go on from.
        private func tellNews(_ connection: ServerConnection, after place: Int) async throws -> Int {
            do {
                let page = try await connection.entries(filter, limit: Self.step, ("after", place))
                tell(page.entries)
                return page.next ?? place
            } catch let error as CommandError {
                // A server that restarts is back soon.
                Terminal.say("\(error) (trying again)")
                return place
            }
        }

        private func tell(_ entries: some Sequence<EntryReport>) {
            for entry in entries { options.json ? Output.json(entry.answer) : Output.columns([entry.row]) }
        }
    }
}
