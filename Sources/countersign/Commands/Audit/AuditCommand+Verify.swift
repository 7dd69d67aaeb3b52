import ArgumentParser
import AuditLog
import Storage
import TransparencyLog

extension AuditCommand {
    /// `countersign audit verify`
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every entry against the signed tree; exits 1 and names the first that does not fit.",
            discussion: """
                Reads the database at --data beside a server or without one, a server's log with --server, or a copy of \
                the files below /v1/log with --directory or --url, or an export with the manifest beside it.

                Of a database all logs are checked, also that of the installation itself (workspace -). With --workspace \
                it is that workspace's, with --key the one that the key is of.

                Exits 1 where something does not fit, and 2 where nothing could be checked.
                """)

        @OptionGroup var data: DataOption
        @OptionGroup var output: OutputOption
        @Option(help: "The workspace whose log is checked; - is the installation.") var workspace: String?
        @Option(help: "The log's public key, as audit key prints it, from a place of your own.") var key: String?
        @Option(help: "A server's address; COUNTERSIGN_KEY has an operator's key, unless the log is public.")
        var server: String?
        @Option(help: "An address with checkpoint and tile/… below it, http:// too; no key is sent there.") var url:
            String?
        @OptionGroup var authority: AuthorityOption
        @Option(help: "A folder with checkpoint and tile/… as they are served.") var directory: String?
        @Option(help: "A file that audit export wrote.") var export: String?
        @Option(
            name: .customLong("checkpoint"),
            help: "A file with a checkpoint that was kept; the log has to extend it. May be repeated.")
        var checkpoints: [String] = []

        func validate() throws {
            let places = [server, url, directory, export].compactMap { $0 }.count
            guard places <= 1 else {
                throw ValidationError("Name one place: --data, --server, --url, --directory or --export.")
            }
            guard places == 0 || key != nil else {
                throw ValidationError("Give --key: what is checked does not vouch for itself.")
            }
            try authority.check(for: server ?? url, of: "--server or --url")
            guard export == nil || checkpoints.isEmpty else {
                throw ValidationError("An export is bound to the log of its own time: it takes no --checkpoint.")
            }
        }

        func run() async throws {
            let verdicts: [LogVerdict]
            do { verdicts = try await self.verdicts() } catch { try fail(error) }
            try report(verdicts, ofDatabase: isOfWholeDatabase)
        }

        /// One key is one log's.
        private var isOfWholeDatabase: Bool {
            [workspace, key, server, url, directory, export].allSatisfy { $0 == nil }
        }

        private func verdicts() async throws -> [LogVerdict] {
            let key = try key.map { try VerifierKey(given: $0) }
            let kept = try checkpoints.map { try KeptCheckpoint(path: $0) }
            guard let key, let place = try elsewhere() else { return try await storedVerdicts(key, kept) }
            do {
                switch place {
                case .export(let path):
                    let check = ExportCheck(path: path, key: key, progress: Progress(isQuiet: output.json))
                    return [LogVerdict(try check.verify())]
                case .log(let source): return [LogVerdict(try await check(source, key, kept))]
                }
            } catch {
                guard let verdict = LogVerdict(error, origin: key.name.text) else { throw error }
                return [verdict]
            }
        }

        private enum Place {
            case export(String)
            case log(any LogSource)
        }

        /// What is to be checked; nil where it is the database.
        private func elsewhere() throws -> Place? {
            if let export { return .export(export) }
            if let server {
                return .log(try ServerLog(server: server, workspace: workspace, authorities: authority.file))
            }
            if let url { return .log(try ServerLog(url: url, authorities: authority.file)) }
            return directory.map { .log(FolderLog(path: $0)) }
        }

        private func storedVerdicts(_ key: VerifierKey?, _ kept: [KeptCheckpoint]) async throws -> [LogVerdict] {
            let check = DatabaseCheck(
                database: try ReadOnlySQLiteDatabase(path: data.directory.database), key: key, kept: kept,
                progress: Progress(isQuiet: output.json))
            if key == nil { Terminal.say("No --key was given: the key is what the installation itself says.") }
            if let workspace { return [try await check.verdict(workspace)] }
            guard let key else { return try await check.verdicts() }
            Terminal.say("Only the log of \(key.name) is checked, which the key is of.")
            return [try await check.verdict(key.workspace)]
        }

        private func check(
            _ log: some LogSource, _ key: VerifierKey, _ kept: [KeptCheckpoint]
        ) async throws -> VerifiedLog {
            let line = Progress(isQuiet: output.json)
            defer { line.end() }
            let kept = try kept.map { try $0.opened(by: key) }
            return try await PrunableLogVerifier(log, key: key, extending: kept).verify { progress in
                line.show("\(progress.checked) of \(progress.total) entries")
            }
        }
    }
}

extension VerifierKey {
    /// The workspace whose log it signs: the end of its name.
    fileprivate var workspace: String { name.text.split(separator: "/").last.map { String($0) } ?? "" }
}
