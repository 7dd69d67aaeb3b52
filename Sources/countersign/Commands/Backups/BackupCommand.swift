import ArgumentParser
import FoundationEssentials
import Glibc
import Storage

/// `countersign backup`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database, sealed as it lies, while the server runs or without one.",
        discussion: """
            The master key is not in the backup: without it nothing in the copy opens. Keep both, apart. \
            The folder's configuration files are not in it either.
            """)

    @OptionGroup var data: DataOption
    @OptionGroup var output: OutputOption
    @Argument(help: "The folder to make.") var folder: String

    private struct Report: Encodable {
        var folder: String
        var manifest: BackupManifest
    }

    func run() async throws {
        let directory = data.directory
        guard directory.holdsDatabase else {
            throw CommandError("\(directory.database) is missing: name the installation's folder with --data")
        }
        guard mkdir(folder, 0o700) == 0 else {
            let reason = errno == EEXIST ? "it exists already" : String(cString: strerror(errno))
            throw CommandError("cannot make \(folder): \(reason). Name a new folder, such as one with the date.")
        }
        let manifest: BackupManifest
        do {
            manifest = try write()
        } catch {
            for file in [BackupManifest.database, BackupManifest.file] { unlink("\(folder)/\(file)") }
            rmdir(folder)
            throw error
        }
        if output.json { return try Output.json(Report(folder: folder, manifest: manifest)) }
        Output.line("\(folder): \(manifest.databaseSize) bytes, SHA-256 \(manifest.databaseDigest)")
        Output.line("The master key (\(directory.masterKey)) is not in it. Keep a copy of it in another place.")
    }

    private func write() throws -> BackupManifest {
        let copy = "\(folder)/\(BackupManifest.database)"
        do {
            try DatabaseCopy.make(of: data.directory.database, at: copy)
        } catch {
            throw CommandError("the database could not be copied: \(error.reason)")
        }
        let (digest, size) = try BackupManifest.digest(of: copy)
        let manifest = BackupManifest(
            createdAt: Date.now.formatted(.iso8601), databaseDigest: digest, databaseSize: size)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        try encoder.encode(manifest).write(to: URL(filePath: "\(folder)/\(BackupManifest.file)"), options: .atomic)
        return manifest
    }
}
