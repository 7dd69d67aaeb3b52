import Glibc

/// What a process tells the service manager that started it (sd_notify(3)).
public struct ServiceNotices: Sendable {
    /// One thing to tell.
    public enum Notice: String, Sendable {
        case ready = "READY=1"
        case stopping = "STOPPING=1"
        /// That the process is not stuck.
        case alive = "WATCHDOG=1"
    }

    private let address: UnixSocketAddress?
    /// How often the service manager wants to hear `alive`: twice in the time after which it ends the process. Nil where
    /// it does not ask.
    public let pulse: Duration?

    /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`. Where they are absent nobody is told anything.
    ///
    /// - Parameters:
    ///   - variable: the environment.
    ///   - process: the identifier of this process.
    public init(variable: (String) -> String?, process: Int32) {
        address = variable("NOTIFY_SOCKET").flatMap { UnixSocketAddress($0) }
        let isMeant = variable("WATCHDOG_PID").map { Int32($0) == process } ?? true
        let patience = variable("WATCHDOG_USEC").flatMap { Int64($0) } ?? 0
        pulse = isMeant && address != nil && patience > 1 ? .microseconds(patience / 2) : nil
    }

    /// As this process's environment has it; programs that it starts do not get the variables.
    public static func take() -> ServiceNotices {
        let notices = ServiceNotices(
            variable: { name in getenv(name).map { String(cString: $0) } }, process: getpid())
        for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsetenv(name) }
        return notices
    }

    /// Tells one thing. A service manager that does not listen is none of our business.
    public func tell(_ notice: Notice) {
        guard let address else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let text = Array(notice.rawValue.utf8)
        _ = address.withPointer { sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), $0, $1) }
    }

    /// Opens the way to the service manager, for a process that may open no socket later. Nil where it does not ask for
    /// ``Notice/alive``, or does not listen.
    public func opened() -> OpenServiceNotices? {
        guard let address, let pulse else { return nil }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            return nil
        }
        return OpenServiceNotices(descriptor: descriptor, pulse: pulse)
    }

    /// Tells that the process lives, as often as the service manager wants to hear it, until the task is cancelled.
    public func keepAlive() async {
        guard let pulse else { return }
        while !Task.isCancelled {
            tell(.alive)
            try? await Task.sleep(for: pulse)
        }
    }
}
