/// Why no enclave came up. Equal by code.
public struct EnclaveStartError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, CaseIterable, Sendable {
        /// The enclave itself refused to start: its configuration or master key is wrong. The reason is its own
        /// message, with file and line.
        case refused
        /// The system could not start the process.
        case notStarted
        /// It started, but ended or said nothing sensible before its greeting.
        case noGreeting
        /// The supervisor was stopped meanwhile.
        case stopped
    }

    public let code: Code
    /// For the operator: what went wrong, and where.
    public let reason: String

    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { reason }

    public static func == (one: Self, other: Self) -> Bool { one.code == other.code }
}
