import Glibc

/// The sockets that a service manager opened for this process (sd_listen_fds(3)).
public struct ActivatedSockets: Equatable, Sendable {
    /// One of them.
    public struct Socket: Equatable, Sendable {
        /// The descriptor.
        public let number: Int32
        /// As `FileDescriptorName=` gives it; `unknown` where nobody gave one.
        public let name: String

        public init(number: Int32, name: String) {
            self.number = number
            self.name = name
        }
    }

    /// In the order of the unit's lines.
    public let sockets: [Socket]

    /// The first descriptor that a service manager passes.
    public static let firstDescriptor: Int32 = 3
    /// More than a unit of ours ever names.
    private static let largestCount = 64

    /// Reads `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES`. There are no sockets where they are absent, or name another
    /// process: they were its parent's.
    ///
    /// - Parameters:
    ///   - variable: the environment.
    ///   - process: the identifier of this process.
    /// - Throws: `ActivationError` for variables that no service manager sets.
    public init(variable: (String) -> String?, process: Int32) throws(ActivationError) {
        guard let owner = variable("LISTEN_PID"), let text = variable("LISTEN_FDS") else {
            sockets = []
            return
        }
        guard let owner = Int32(owner) else { throw ActivationError("LISTEN_PID must be the number of a process") }
        guard owner == process else {
            sockets = []
            return
        }
        guard let count = Int32(text), (1...Self.largestCount) ~= Int(count) else {
            throw ActivationError("LISTEN_FDS must be a number from 1 to \(Self.largestCount)")
        }
        let names = variable("LISTEN_FDNAMES")?.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard names.map({ $0.count == Int(count) }) ?? true else {
            throw ActivationError("LISTEN_FDNAMES must have as many names as LISTEN_FDS says")
        }
        sockets = (0..<count).map { index in
            Socket(number: Self.firstDescriptor + index, name: names?[Int(index)] ?? "unknown")
        }
    }

    /// Takes this process's sockets over: no program that it starts gets them, or their variables.
    ///
    /// - Throws: as ``init(variable:process:)``, or where a descriptor is not open.
    public static func take() throws(ActivationError) -> ActivatedSockets {
        let taken = try ActivatedSockets(
            variable: { name in getenv(name).map { String(cString: $0) } }, process: getpid())
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) }
        for socket in taken.sockets {
            guard fcntl(socket.number, F_SETFD, FD_CLOEXEC) == 0 else {
                throw ActivationError("LISTEN_FDS names descriptor \(socket.number), which is not open")
            }
        }
        return taken
    }
}

/// Why what a service manager passed is of no use, in words for the operator.
public struct ActivationError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
