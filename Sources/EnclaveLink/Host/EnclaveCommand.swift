import CLinux
import Glibc

/// Starts the enclave's program with nothing but what it needs: no environment but the folder of credentials, and no
/// foreign descriptor.
public struct EnclaveCommand: Sendable {
    static let framesDescriptor: Int32 = 3
    static let descriptorsDescriptor: Int32 = 4
    static let pinDescriptor: Int32 = 5

    let executable: String
    let arguments: [String]
    /// The open file that holds the PIN of an HSM, at none of the numbers above. The host never reads it.
    let pin: OwnedDescriptor?

    /// - Parameter pin: an open file that holds the PIN of an HSM; nil where no HSM is used, or the PIN is elsewhere.
    public init(executable: String, arguments: [String], pin: OwnedDescriptor? = nil) {
        self.executable = executable
        self.arguments = arguments
        self.pin = pin
    }

    /// The command that serves the installation in a folder.
    ///
    /// - Parameters:
    ///   - executable: the path of `countersign-enclave`.
    ///   - dataDirectory: where its configuration and master key are.
    ///   - pin: as for ``init(executable:arguments:pin:)``.
    public static func serving(_ dataDirectory: String, executable: String, pin: OwnedDescriptor? = nil) -> Self {
        Self(executable: executable, arguments: ["serve", "--data", dataDirectory], pin: pin)
    }

    /// Starts the enclave: no signal mask, a process group of its own, so that Ctrl-C reaches the host, which then ends
    /// the enclave in order.
    ///
    /// - Parameter ends: the enclave's side; the caller closes its copies afterwards.
    /// - Returns: the process, or the `errno` that says why there is none.
    func spawn(with ends: EnclaveDescriptors) -> Result<pid_t, DescriptorRefusal> {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends.events.number, STDERR_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends.frames.number, Self.framesDescriptor)
        posix_spawn_file_actions_adddup2(&actions, ends.descriptors.number, Self.descriptorsDescriptor)
        passPIN(&actions, closingFrom: Self.pinDescriptor)
        Self.resetSignals(&attributes)
        return start(&actions, &attributes)
    }

    /// Runs the program to its end; its messages go where this program's go.
    /// - Returns: its exit status, as wait(2) tells it; -1 if there was no process.
    public func run() -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        passPIN(&actions, closingFrom: Self.framesDescriptor)
        guard case .success(let process) = start(&actions, nil) else { return -1 }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return -1 } }
        return status
    }

    private func passPIN(_ actions: inout posix_spawn_file_actions_t, closingFrom first: Int32) {
        guard let pin else {
            clinux_spawn_closing_from(&actions, first)
            return
        }
        posix_spawn_file_actions_adddup2(&actions, pin.number, Self.pinDescriptor)
        clinux_spawn_closing_from(&actions, Self.pinDescriptor + 1)
    }

    private func start(
        _ actions: UnsafePointer<posix_spawn_file_actions_t>, _ attributes: UnsafePointer<posix_spawnattr_t>?
    ) -> Result<pid_t, DescriptorRefusal> {
        let texts = [executable] + arguments + (pin == nil ? [] : ["--pin"])
        var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = Self.environment.map { strdup($0) } + [nil]
        defer { for text in words + environment { free(text) } }
        var process = pid_t()
        let status = posix_spawn(&process, executable, actions, attributes, &words, &environment)
        return status == 0 ? .success(process) : .failure(DescriptorRefusal(status: status))
    }

    /// Where the service manager put credentials, if it did (systemd.exec(5)).
    private static var environment: [String] {
        guard let folder = getenv("CREDENTIALS_DIRECTORY") else { return [] }
        return ["CREDENTIALS_DIRECTORY=" + String(cString: folder)]
    }

    private static func resetSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }
}
