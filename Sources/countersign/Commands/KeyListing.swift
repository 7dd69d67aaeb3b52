/// An API key as the operator's API describes it.
struct KeyRow: Codable {
    var id: String
    var kind: String
    var name: String
    var hint: String
    var createdAt: String
    var expiresAt: String?
    var revokedAt: String?
    var lastUsedAt: String?
    var key: String?

    enum CodingKeys: String, CodingKey {
        case id, kind, name, hint, key
        case createdAt = "created_at"
        case expiresAt = "expires_at"
        case revokedAt = "revoked_at"
        case lastUsedAt = "last_used_at"
    }

    var state: String {
        if let revokedAt { return "revoked \(revokedAt)" }
        if let expiresAt { return "expires \(expiresAt)" }
        return "in force"
    }
}

struct KeyListing: Codable {
    var keys: [KeyRow]
}

/// A signing key as the operator's API describes it.
struct SigningKeyRow: Codable {
    var kid: String
    var purpose: String
    var algorithm: String
    var state: String
    var createdAt: String
    var activatedAt: String?
    var retiredAt: String?

    enum CodingKeys: String, CodingKey {
        case kid, purpose, algorithm, state
        case createdAt = "created_at"
        case activatedAt = "activated_at"
        case retiredAt = "retired_at"
    }
}

struct SigningKeyListing: Codable {
    var signingKeys: [SigningKeyRow]

    enum CodingKeys: String, CodingKey { case signingKeys = "signing_keys" }
}

/// All keys in one object.
struct Listing: Codable {
    var keys: [KeyRow]
    var signingKeys: [SigningKeyRow]

    enum CodingKeys: String, CodingKey {
        case keys
        case signingKeys = "signing_keys"
    }
}
