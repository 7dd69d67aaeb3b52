import EnclaveLink
import Glibc

/// The enclave's program, which lies beside this one.
struct EnclaveProgram: Sendable {
    let path: String
    let directory: DataDirectory
    /// An open file that holds the PIN of an HSM. The host does not read it.
    let vaultPIN: OwnedDescriptor?

    /// Throws where the program is missing.
    static func beside(_ directory: DataDirectory, vaultPIN: OwnedDescriptor? = nil) throws(CommandError)
        -> EnclaveProgram
    {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let length = buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { path in
                path.baseAddress.map { readlink("/proc/self/exe", $0, path.count) } ?? -1
            }
        }
        guard length > 0 else { throw CommandError("cannot find the folder of this program: /proc is not mounted") }
        let own = String(decoding: buffer[..<length], as: UTF8.self)
        let folder = own[..<(own.lastIndex(of: "/") ?? own.endIndex)]
        let path = "\(folder)/countersign-enclave"
        guard access(path, X_OK) == 0 else {
            throw CommandError("\(path) is missing: countersign and countersign-enclave belong into one folder")
        }
        return EnclaveProgram(path: path, directory: directory, vaultPIN: vaultPIN)
    }

    /// Has the enclave make its master key in a new installation. The host never sees it.
    func createMasterKeyIfNew() throws(CommandError) {
        guard !directory.holdsMasterKey else { return }
        guard !directory.holdsDatabase else {
            throw CommandError(
                """
                \(directory.masterKey) is missing, and without it nothing in \(directory.database) opens.
                Restore it from your backup. To begin anew, move \(directory.path) away.
                """)
        }
        let status = run(["create-master-key", "--data", directory.path])
        guard status == 0 else { throw CommandError("countersign-enclave could not make \(directory.masterKey)") }
    }

    /// Has the enclave take what the host shows it at the next start for the beginning of each audit log. Throws where its
    /// anchor cannot be written.
    func acknowledgeRestore() throws(CommandError) {
        let status = run(["acknowledge-restore", "--data", directory.path])
        guard status == 0 else {
            throw CommandError("countersign-enclave did not acknowledge it; what it said stands above")
        }
    }

    /// Has the enclave's program wrap the master key as its settings say, and say what it did. Throws where that fails.
    func rewrap(json: Bool) throws(CommandError) {
        guard run(["rewrap", "--data", directory.path] + (json ? ["--json"] : [])) == 0 else {
            throw CommandError("the master key was not wrapped; what was said stands above")
        }
    }

    /// Serves the installation.
    var command: EnclaveCommand { .serving(directory.path, executable: path, pin: vaultPIN) }

    /// Runs the program to its end; its messages go where this program's go. Returns its exit status.
    private func run(_ arguments: [String]) -> Int32 {
        EnclaveCommand(executable: path, arguments: arguments, pin: vaultPIN).run()
    }
}
