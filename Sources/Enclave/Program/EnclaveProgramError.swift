import EnclaveLink

/// Why the enclave did not start, in words for the operator: what is wrong, where, and what is allowed. It never
/// quotes a secret.
public struct EnclaveProgramError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The exit code that says so, `EX_CONFIG` of sysexits.h: whoever started the enclave need not try again before
    /// something was mended.
    public static let exitCode = EnclaveEnding.refusedToStart

    public let description: String
    public init(_ description: String) { self.description = description }
}
