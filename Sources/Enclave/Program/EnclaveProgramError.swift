/// Why the enclave did not start, in words for the operator: what is wrong, where, and what is allowed. It never
/// quotes a secret.
public struct EnclaveProgramError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
