import SealedPasscodes

/// A P-256 key that a user registers to stamp requests with.
public struct UserKeyWish: Equatable, Sendable {
    /// Seconds that a key may be registered for: ten years at most.
    public static let lifetimes = 1...315_360_000

    public var name: String
    public var key: P256PublicKey
    /// Seconds, within `lifetimes`; nil for a key that does not expire.
    public var lifetime: Int?

    public init(name: String, key: P256PublicKey, lifetime: Int?) {
        self.name = name
        self.key = key
        self.lifetime = lifetime
    }
}
