/// A request's `Idempotency-Key`, and a digest of what it asks for.
public struct Idempotency: Equatable, Sendable {
    /// SHA-256 of the key, so that a row has one size.
    public let key: [UInt8]
    /// SHA-256 of the request's content.
    public let body: [UInt8]

    public init(key: [UInt8], body: [UInt8]) {
        self.key = key
        self.body = body
    }
}
