import ArgumentParser
import EnclaveLink
import Glibc

/// Where the PIN of an HSM comes in, for programs that start the enclave.
struct VaultPINOption: ParsableArguments {
    @Option(
        help: """
            An open descriptor of a file that holds the PIN of the vault, where enclave.yaml says pin_descriptor: true: \
            --vault-pin-descriptor 9 9<FILE.
            """)
    var vaultPinDescriptor: Int32?

    /// The file, moved to where no descriptor of the enclave's is; nil where none was named.
    func open() throws(CommandError) -> OwnedDescriptor? {
        guard let number = vaultPinDescriptor else { return nil }
        var information = stat()
        guard number > STDERR_FILENO, fstat(number, &information) == 0 else {
            throw CommandError("--vault-pin-descriptor \(number): it is not open; start with \(number)<FILE")
        }
        // Each start of the enclave reads it from its beginning.
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw CommandError("--vault-pin-descriptor \(number): it must be a file, not a pipe or a terminal")
        }
        let moved = fcntl(number, F_DUPFD_CLOEXEC, Self.firstFree)
        guard moved >= 0 else { throw CommandError("--vault-pin-descriptor \(number): no descriptor is left") }
        close(number)
        return OwnedDescriptor(moved)
    }

    private static let firstFree: Int32 = 16
}
