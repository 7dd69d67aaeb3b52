import EnclaveLink

/// A person as a workspace knows them: whoever proved a contact once. The contact itself is kept as a digest only.
public struct User: Equatable, Sendable {
    /// A UUID.
    public var id: String
    public var mode: ChallengeMode
    /// What the person or their client called them; empty if nothing.
    public var name: String
    /// Unix milliseconds.
    public var createdAt: Int64
}
