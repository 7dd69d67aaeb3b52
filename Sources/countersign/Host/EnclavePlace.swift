import EnclaveLink
import Logging

/// Where the enclave of an installation is.
enum EnclavePlace: Sendable {
    /// A child of the host, of the same user.
    case child(EnclaveProgram)
    /// A service of its own, another user's, which listens on this Unix socket and has a folder of its own.
    case service(socket: String)

    init(
        _ directory: DataDirectory, _ configuration: HostConfiguration, vaultPIN: OwnedDescriptor?
    ) throws(CommandError) {
        guard let socket = configuration.enclaveSocket else {
            self = .child(try EnclaveProgram.beside(directory, vaultPIN: vaultPIN))
            return
        }
        guard vaultPIN == nil else {
            throw CommandError(
                "--vault-pin-descriptor is for an enclave that this server starts; the one at \(socket) takes the PIN by "
                    + "pin_credential or pin_file in its own enclave.yaml")
        }
        self = .service(socket: socket)
    }

    /// The program for work on the enclave's own files. Throws where they are another user's.
    static func program(
        _ directory: DataDirectory, for command: String, vaultPIN: OwnedDescriptor? = nil
    ) throws -> EnclaveProgram {
        switch try EnclavePlace(directory, HostConfiguration.load(directory), vaultPIN: vaultPIN) {
        case .child(let program): return program
        case .service:
            throw CommandError(
                """
                The enclave of this installation is a service of its own, and its files are its user's. Run as that user:
                  countersign-enclave \(command) --data FOLDER, such as /var/lib/countersign-enclave
                """)
        }
    }

    /// Has the enclave make its master key in a new installation. One that is a service has its own already.
    func createMasterKeyIfNew() throws(CommandError) {
        if case .child(let program) = self { try program.createMasterKeyIfNew() }
    }

    /// Throws `EnclaveStartError` where the system has no threads to give.
    func supervisor(_ directory: DataDirectory, logger: Logger) throws(EnclaveStartError) -> EnclaveSupervisor {
        let origin =
            switch self {
            case .child(let program): EnclaveOrigin.child(program.command)
            case .service(let socket): EnclaveOrigin.service(socket: socket)
            }
        return try EnclaveSupervisor(
            origin: origin, descriptors: HostDescriptors(inboxDirectory: directory.inbox), logger: logger)
    }
}
