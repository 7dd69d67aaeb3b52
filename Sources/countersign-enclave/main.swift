import ArgumentParser
import Enclave
import Glibc

/// The enclave's own command line. The host starts `serve`; the others are for people.
struct EnclaveMain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign-enclave",
        abstract: "The process that holds Countersign's secrets.",
        subcommands: [
            Serve.self, CreateMasterKey.self, Rewrap.self, AcknowledgeRestore.self, SelfTestCommand.self, KeepKeys.self,
        ])
}

/// Where the enclave's configuration and master key are.
struct DataOptions: ParsableArguments {
    @Option(help: "The data directory, with enclave.yaml and master.key.")
    var data = "data"

    @Flag(name: .customLong("pin"), help: "Descriptor 5 is a file that holds the PIN of the vault.")
    var hasPIN = false

    var program: EnclaveProgram { EnclaveProgram(dataDirectory: data, hasPIN: hasPIN) }
}

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer the host that started this process, or one that connects.",
        discussion: """
            Without --host-user this process is the host's child and has its sockets as descriptors 3 and 4. With it, it \
            serves one host that connects to the Unix socket that systemd passes (or to the one that --listen makes), \
            turns others away, and ends when that host is gone; systemd starts the next one.
            """)
    @OptionGroup var options: DataOptions

    @Option(help: "Serve a host that connects as this user: a name or a number.")
    var hostUser: String?

    @Option(help: "With --host-user: listen on this Unix socket, where no systemd passes one.")
    var listen: String?

    func validate() throws {
        guard listen == nil || hostUser != nil else { throw ValidationError("--listen needs --host-user USER.") }
        guard hostUser == nil || !options.hasPIN else {
            throw ValidationError("--pin is for a child of the host: use pin_credential or pin_file in enclave.yaml.")
        }
    }

    func run() throws {
        guard let hostUser else { throw ExitCode(try options.program.serve()) }
        throw ExitCode(try options.program.serve(hostUser, at: listen))
    }
}

/// Started by `serve` alone.
struct KeepKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keep-keys", abstract: "Keep the master keys for the enclave at descriptor 3.",
        shouldDisplay: false)
    @OptionGroup var options: DataOptions

    func run() throws { try options.program.keepKeys() }
}

struct CreateMasterKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-master-key", abstract: "Make the master key, once, and the anchor of the audit logs.")
    @OptionGroup var options: DataOptions

    func run() throws { try options.program.createMasterKey() }
}

struct Rewrap: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wrap the master key as enclave.yaml says: by its vault, or not at all.",
        discussion: """
            What wraps it now must stand there as vault or as previous_vault. An enclave that runs need not be stopped, but \
            it rotates the master key again only after its next start. Run it as the enclave's user.
            """)
    @OptionGroup var options: DataOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let done = try options.program.rewrap()
        print(json ? done.json : done.text, terminator: "")
    }
}

struct AcknowledgeRestore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acknowledge-restore",
        abstract: "Say that the database was restored from a backup, while the server is stopped.",
        discussion: """
            The enclave signs only what extends what it signed before. After this, the first head that each audit log \
            shows is taken instead, and the log says so in an entry. Run it as the enclave's user.
            """)
    @OptionGroup var options: DataOptions

    func run() throws { print(try options.program.acknowledgeRestore(), terminator: "") }
}

struct SelfTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "self-test", abstract: "Close the sandbox and try to break out of it.")

    @Flag(help: "Print JSON.")
    var json = false

    /// - Throws: exit code 1 if anything was possible.
    func run() throws {
        let test = SelfTest.run()
        print(json ? test.json : test.text, terminator: "")
        if !test.passed { throw ExitCode(1) }
    }
}

do {
    // Documented in both forms.
    let words = CommandLine.arguments.dropFirst().map { $0 == "--self-test" ? "self-test" : $0 }
    var command = try EnclaveMain.parseAsRoot(words)
    try command.run()
} catch let error as EnclaveProgramError {
    let message = Array("\(error)\n".utf8)
    _ = write(STDERR_FILENO, message, message.count)
    exit(error.exitCode)
} catch {
    EnclaveMain.exit(withError: error)
}
