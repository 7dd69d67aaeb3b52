import CLinux
import Configuration
import EnclaveLink
import Glibc

/// Starts the keeper: this program again, as a child of the enclave.
///
/// It stands outside the enclave's walls, because an HSM's module needs files or a network, and takes no input but from
/// the enclave.
enum KeeperProcess {
    /// The keeper's descriptors: its socket, then the PIN's file, if there is one.
    static let socketDescriptor: Int32 = 3
    static let pinDescriptor: Int32 = 4

    /// - Parameter pin: the open file that holds the PIN.
    /// - Returns: the enclave's end of the socket; nil if the system gave no process.
    static func start(
        dataDirectory: String, credentials: CredentialFolder, pin: OwnedDescriptor?
    ) -> OwnedDescriptor? {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            return nil
        }
        let (own, others) = (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, others.number, socketDescriptor)
        if let pin { posix_spawn_file_actions_adddup2(&actions, pin.number, pinDescriptor) }
        clinux_spawn_closing_from(&actions, pin == nil ? pinDescriptor : pinDescriptor + 1)
        let words = ["countersign-enclave", "keep-keys", "--data", dataDirectory] + (pin == nil ? [] : ["--pin"])
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] =
            (credentials.path.map { [strdup("CREDENTIALS_DIRECTORY=\($0)")] } ?? []) + [nil]
        defer { for text in arguments + environment { free(text) } }
        var process = pid_t()
        let status = posix_spawn(&process, "/proc/self/exe", &actions, nil, &arguments, &environment)
        return withExtendedLifetime(others) { status == 0 ? own : nil }
    }
}
