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
                """)

        @OptionGroup var data: DataOption
        @OptionGroup var output: OutputOption
        @Option(help: "The workspace, where there are several.") var workspace: String?
        @Option(help: "The log's public key, as audit key prints it, from a place of your own.") var key: String?
        @Option(help: "A server's address; COUNTERSIGN_KEY has an operator's key, unless the log is public.")
        var server: String?
        @Option(help: "An address with checkpoint and tile/… below it; no key is sent there.") var url: String?
        @Option(help: "A folder with checkpoint and tile/… as they are served.") var directory: String?
        @Option(help: "A file that audit export wrote.") var export: String?

        func validate() throws {
            let places = [server, url, directory, export].compactMap { $0 }.count
            guard places <= 1 else {
                throw ValidationError("Name one place: --data, --server, --url, --directory or --export.")
            }
            guard places == 0 || key != nil else {
                throw ValidationError("Give --key: what is checked does not vouch for itself.")
            }
        }

        func run() async throws {
            do {
                if let export {
                    let check = ExportCheck(path: export, key: try given(), progress: Progress(isQuiet: output.json))
                    try report(try check.verify())
                } else {
                    try report(try await verify())
                }
            } catch let fault as LogFault {
                try report(fault.description, firstBad: fault.number)
                throw ExitCode(1)
            } catch let fault as ExportFault {
                try report(fault.reason, firstBad: fault.entry)
                throw ExitCode(1)
            } catch let error as LogReadingError where error.code == .damaged {
                try report("What the database has of the log is damaged: \(error.reason).", firstBad: nil)
                throw ExitCode(1)
            } catch let error as LogReadingError {
                throw CommandError("the log cannot be read: \(error.code)")
            } catch let error as StorageError {
                throw CommandError("the log cannot be read: \(error.reason)")
            }
        }

        private func verify() async throws -> VerifiedLog {
            if let server { return try await check(ServerLog(server: server, workspace: workspace), given()) }
            if let url { return try await check(ServerLog(url: url), given()) }
            if let directory { return try await check(FolderLog(path: directory), given()) }
            let database = try ReadOnlySQLiteDatabase(path: data.directory.database)
            let log = try await StoredLogs(database).log(workspace)
            if key == nil { Terminal.say("No --key was given: the key is what the installation itself says.") }
            return try await check(
                DatabaseLog(LogReader(database: database), workspace: log.workspace),
                key.map(Self.read) ?? Self.read(log.published.verifierKey))
        }

        private func given() throws -> VerifierKey { try Self.read(key ?? "") }

        private static func read(_ text: String) throws -> VerifierKey {
            do { return try VerifierKey(parsing: text) } catch {
                throw CommandError("the key is none: \(error.message). countersign audit key prints it.")
            }
        }

        private func check(_ log: some LogSource, _ key: VerifierKey) async throws -> VerifiedLog {
            let line = Progress(isQuiet: output.json)
            defer { line.end() }
            return try await PrunableLogVerifier(log, key: key).verify { progress in
                line.show("\(progress.checked) of \(progress.total) entries")
            }
        }
    }
}
