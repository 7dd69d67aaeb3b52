import ArgumentParser
import AuditLog
import Glibc
import TransparencyLog

extension AuditCommand {
    /// `countersign audit export`
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the log into a file, people's addresses opened, and a signed manifest beside it.",
            discussion: """
                The export is an entry of the log itself. audit verify --export FILE --key KEY checks it anywhere.
                """)

        @OptionGroup var options: AuditOptions
        @Option(help: "jsonl or csv.") var format = "jsonl"
        @Option(help: "The file to write; FILE.manifest comes beside it.") var output: String
        @Option(help: "RFC 3339, such as 2026-11-21T08:00:00Z, or a day.") var from: String?
        @Option(help: "RFC 3339, or a day.") var to: String?

        private struct Report: Encodable {
            var file: String
            var manifest: String
            var entries: Int
            /// The numbers of the first entry and the last one; nil where there is none.
            var first: UInt64?
            var last: UInt64?
        }

        func validate() throws {
            guard ExportStatement.Format(rawValue: format) != nil else {
                throw ValidationError("--format must be jsonl or csv")
            }
        }

        func run() async throws {
            let connection = try options.connection()
            let file = try ExportFile(path: output)
            let watch = Task {
                _ = await Signals.termination().first()
                guard !Task.isCancelled else { return }
                file.discard()
                Glibc.exit(130)
            }
            defer { watch.cancel() }
            do {
                try await write(to: file, from: connection)
                try report(try file.finish())
            } catch {
                file.discard()
                throw error
            }
        }

        private func write(to file: ExportFile, from connection: ServerConnection) async throws {
            let progress = Progress(isQuiet: options.json)
            defer { progress.end() }
            let wishes = [("format", format), ("from", from), ("to", to)] as [(String, String?)]
            let query = wishes.compactMap { name, value in value.map { "\(name)=\(PathSegment($0))" } }
            try await connection.pieces("GET", "/v1/log/export?" + query.joined(separator: "&")) { piece in
                file.take(piece)
                progress.show("\(file.written / 1_000_000) MB written")
            }
        }

        private func report(_ manifest: ExportManifest) throws {
            let note = try? SignedNote(parsing: Array(manifest.statement.utf8))
            guard let entries = note.flatMap({ ExportStatement(parsing: $0.text) })?.entries else {
                throw CommandError("the server's manifest cannot be read")
            }
            let beside = ExportFile.manifest(of: output)
            if options.json {
                return try Output.json(
                    Report(
                        file: output, manifest: beside, entries: entries.count,
                        first: entries.isEmpty ? nil : entries.lowerBound + 1,
                        last: entries.isEmpty ? nil : entries.upperBound))
            }
            Output.line("\(entries.count) entries in \(output), what proves them in \(beside).")
        }
    }
}
