import CLinux
import Glibc

/// Starts the enclave's program with nothing but what it needs: no environment, no descriptor besides its own, no
/// signal mask, a process group of its own (so that Ctrl-C reaches the host, which then ends the enclave in order).
struct EnclaveCommand: Sendable {
    static let framesDescriptor: Int32 = 3
    static let descriptorsDescriptor: Int32 = 4

    let executable: String
    let arguments: [String]

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
        clinux_spawn_closing_from(&actions, Self.descriptorsDescriptor + 1)
        Self.resetSignals(&attributes)

        var process = pid_t()
        var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        defer { for word in words { free(word) } }
        let status = posix_spawn(&process, executable, &actions, &attributes, &words, &environment)
        return status == 0 ? .success(process) : .failure(DescriptorRefusal(status: status))
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
