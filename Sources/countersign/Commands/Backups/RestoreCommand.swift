import ArgumentParser
import Glibc
import Storage

/// `countersign restore`
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the place of the database. The server must have ended.",
        discussion: "What was there is kept beside it.")

    @OptionGroup var data: DataOption
    @OptionGroup var output: OutputOption
    @Argument(help: "The folder that countersign backup wrote.") var folder: String

    private struct Report: Encodable {
        var restored: BackupManifest
        var kept: String?
    }

    func run() async throws {
        let directory = data.directory
        let manifest = try BackupManifest.checked(in: folder)
        let configuration = try HostConfiguration.load(directory)
        guard directory.holdsMasterKey || configuration.enclaveSocket != nil else {
            throw CommandError(
                "\(directory.masterKey) is missing, and without it nothing in the backup opens: put it there first")
        }
        let kept: String?
        do {
            kept = try directory.markingRestore {
                try DatabaseRestore.restore(
                    "\(folder)/\(BackupManifest.database)", to: directory.database, time: Int64(time(nil)))
            }
        } catch let error as StorageError {
            throw CommandError("the backup was not restored: \(error.reason)")
        }
        if output.json { return try Output.json(Report(restored: manifest, kept: kept)) }
        Output.line("Restored what was backed up at \(manifest.createdAt).")
        if let kept { Output.line("The database from before is \(kept).") }
        Output.line(
            configuration.enclaveSocket == nil
                ? "Next: countersign audit acknowledge --data \(directory.path)"
                : "Next, as the enclave's user: countersign-enclave acknowledge-restore --data FOLDER")
        Output.line("Then: countersign serve --data \(directory.path)")
        Output.line(
            """
            What happened since the backup is forgotten. The next start ends all permissions that are open. Revoke again \
            the keys that were revoked, switch off again the agents and approvers that were switched off, and erase again \
            whoever was erased: countersign audit erase.
            """)
    }
}
