/// How an enclave process ended.
public struct EnclaveEnding: Sendable {
    /// The exit code with which the enclave says that it will not start as it is configured: `EX_CONFIG` of
    /// sysexits.h, so that a service manager knows it too.
    public static let refusedToStart: Int32 = 78
    /// The exit code where something outside did not answer that may answer the next time, as an HSM: `EX_TEMPFAIL`.
    public static let tryAgain: Int32 = 75
    /// The exit code after something that was no frame: `EX_PROTOCOL`.
    public static let protocolBroken: Int32 = 76
    /// The exit code after the process that keeps the master keys was lost: `EX_OSERR`.
    public static let keeperGone: Int32 = 71

    enum Cause: Equatable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
        /// It closed its connection, and what became of its process is another's to know.
        case disconnected
    }

    let cause: Cause
    /// The last lines that it wrote besides its events, at most 4 KiB.
    let lastWords: String

    /// Whether starting it again is useless.
    var isRefusal: Bool { cause == .exited(Self.refusedToStart) }

    var description: String {
        switch cause {
        case .exited(let code): "exited with code \(code)"
        case .killed(let signal): "was killed by signal \(signal)"
        case .disconnected: "closed its connection"
        }
    }
}
