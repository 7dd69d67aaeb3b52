import API
import Activation
import ArgumentParser
import HTTPServer
import Logging

/// `countersign serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the server in the foreground; makes the installation where there is none.",
        discussion: """
            The first start makes database, master key and a workspace in the folder, and prints the workspace's keys once. \
            Without a mail server, messages land in its inbox/.

            The other commands find the running server by its socket in the folder:

            countersign doctor
            countersign passcode send --to +4915123456785 --test
            countersign agent create --name "Mail bot"
            """)

    @OptionGroup var data: DataOption
    @OptionGroup var vaultPIN: VaultPINOption

    @OptionGroup var enclave: EnclaveOption
    @OptionGroup var edge: EdgeOptions
    @OptionGroup var log: LogOptions

    @Option(
        help:
            "Address and port to listen on (default 127.0.0.1:3000, or what countersign.yaml says; a socket that systemd passes comes before both)."
    )
    var listen: ListenAddress?

    @Option(
        name: .customLong("demonstration"),
        help: "Show the page in this folder at /demonstration/; for development, on loopback only.")
    var demonstrationFolder: String?

    func run() async throws {
        let notices = ServiceNotices.take()
        let passed = try PassedListener.take()
        let directory = data.directory
        var configuration = try HostConfiguration.load(directory)
        if let address = passed?.address ?? listen { configuration.listen = address }
        enclave.apply(to: &configuration)
        try edge.apply(to: &configuration)
        log.apply(to: &configuration)
        do { try await serve(directory, configuration, on: passed, telling: notices) } catch let error as CommandError
            where configuration.logFormat == .json
        {
            // Whoever reads the log as JSON finds the reason there, in a line like the others.
            configuration.logger.critical("not served", metadata: ["reason": "\(error)"])
            throw ExitCode.failure
        }
    }

    private func serve(
        _ directory: DataDirectory, _ configuration: HostConfiguration, on passed: PassedListener?,
        telling notices: ServiceNotices
    ) async throws {
        let demonstration = try demonstration(configuration)
        try configuration.requireSafeListener()
        let tls = try identity(configuration)
        let host = try await Host.open(directory, configuration: configuration, vaultPIN: vaultPIN.open())
        do {
            if let first = try await host.createFirstWorkspace() { Output.line(first.text) }
            try await host.serve(demonstration, tls: tls, on: passed, telling: notices)
        } catch {
            await host.close()
            throw error
        }
        await host.close()
    }

    private func identity(_ configuration: HostConfiguration) throws(CommandError) -> TLSIdentity? {
        guard let files = configuration.tls else { return nil }
        do { return try TLSIdentity(files, now: CertificateWatch.now()) } catch {
            throw CommandError("no HTTPS: \(error)")
        }
    }

    private func demonstration(_ configuration: HostConfiguration) throws -> Demonstration? {
        let listen = configuration.listen
        guard let folder = demonstrationFolder else { return nil }
        guard listen.isLoopback else {
            throw CommandError(
                "--demonstration is for this machine alone: listen on 127.0.0.1 instead of \(listen.host), or leave it out"
            )
        }
        do {
            return try Demonstration(folder: folder, origins: listen.urls(configuration.scheme))
        } catch {
            throw CommandError("--demonstration: \(error)")
        }
    }
}
