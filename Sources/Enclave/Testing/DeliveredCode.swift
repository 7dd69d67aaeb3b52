import EnclaveLink

/// What an in-process enclave delivered, the code in the clear: only for tests, which have to know it.
public struct DeliveredCode: Equatable, Sendable {
    public let workspace: String
    public let challenge: String
    public let contact: ContactAddress
    public let channel: Channel
    public let provider: String
    public let code: String
    public let wording: MessageWording
    /// Milliseconds that the host gave the delivery.
    public let timeLimit: Int
}
