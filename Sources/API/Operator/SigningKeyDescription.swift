import Passcodes

/// A signing key on the wire of the operator's API, without its halves; times are RFC 3339.
public struct SigningKeyDescription: Codable, Sendable {
    public var id: String
    public var purpose: String
    public var algorithm: String
    public var state: SigningKey.State
    public var createdAt: String
    public var activatedAt: String?
    public var retiredAt: String?

    enum CodingKeys: String, CodingKey {
        case id = "kid"
        case purpose, algorithm, state
        case createdAt = "created_at"
        case activatedAt = "activated_at"
        case retiredAt = "retired_at"
    }

    init(_ key: SigningKey) {
        id = key.id
        purpose = key.purpose.rawValue
        algorithm = key.algorithm.rawValue
        state = key.state
        createdAt = WireTime.text(key.createdAt)
        activatedAt = key.activatedAt.map(WireTime.text)
        retiredAt = key.retiredAt.map(WireTime.text)
    }
}

/// What `GET /v1/signing-keys` answers, and a rotation.
public struct SigningKeyListing: Codable, Sendable {
    public var signingKeys: [SigningKeyDescription]
    /// What the operator should know of a rotation; nil where nothing was rotated.
    public var warnings: [String]?

    enum CodingKeys: String, CodingKey {
        case signingKeys = "signing_keys"
        case warnings
    }
}
