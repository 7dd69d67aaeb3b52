/// Why a value says nothing that can be checked. Whoever knows where the value stands makes a `PolicyError` of it.
public struct ValueFault: Error, Sendable {
    /// In words that follow the name of the value, such as `is not a valid pattern: missing ): a(b`.
    public let message: String
}
