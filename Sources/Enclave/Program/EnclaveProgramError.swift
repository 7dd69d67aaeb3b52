import EnclaveLink

/// Why the enclave did not start, in words for the operator: what is wrong, where, and what is allowed. It never
/// quotes a secret.
public struct EnclaveProgramError: Error, Equatable, Sendable, CustomStringConvertible {
    /// `EX_CONFIG` of sysexits.h where whoever started the enclave need not try again before something was mended;
    /// `EX_TEMPFAIL` where the next try may do.
    public let exitCode: Int32
    public let description: String

    init(_ description: String, isPassing: Bool = false) {
        self.description = description
        exitCode = isPassing ? EnclaveEnding.tryAgain : EnclaveEnding.refusedToStart
    }
}
