/// The code of a test challenge, the only code that leaves the enclave in the clear.
public struct TestCode: Equatable, Sendable, Redacted {
    public let value: String
    public init(_ value: String) { self.value = value }
    public var description: String { "<test code>" }
}

/// Reads a test challenge's code again, for a resend or a replayed request. Refused for a live challenge.
public struct RevealTestCode: EnclaveRequest {
    public typealias Reply = TestCode
    public static let kind = RequestKind.revealTestCode

    public var challenge: SealedRecord
    public init(challenge: SealedRecord) { self.challenge = challenge }
}
