import ArgumentParser

/// `countersign init`
struct Initialize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make an installation: master key, database, a workspace and its first keys, which are shown once.")

    @OptionGroup var data: DataOption
    @OptionGroup var vaultPIN: VaultPINOption
    @OptionGroup var enclave: EnclaveOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        let directory = data.directory
        guard !directory.holdsDatabase else {
            throw CommandError(
                """
                \(directory.path) is initialised already. Start it with: countersign serve --data \(directory.path)
                Keys are shown once; make another with: countersign key create --kind live --data \(directory.path)
                """)
        }
        var configuration = try HostConfiguration.load(directory)
        enclave.apply(to: &configuration)
        let host = try await Host.open(directory, configuration: configuration, vaultPIN: vaultPIN.open())
        let first: FirstKeys?
        do {
            first = try await host.createFirstWorkspace()
        } catch {
            await host.close()
            throw error
        }
        await host.close()
        guard let first else { throw CommandError("\(directory.path) has a workspace already.") }
        if output.json { try Output.json(first) } else { Output.line(first.text) }
    }
}
