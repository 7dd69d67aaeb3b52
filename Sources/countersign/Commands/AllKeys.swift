import API

/// API keys and signing keys in one object, as `key list --json` prints them.
struct AllKeys: Encodable {
    var keys: [KeyDescription]
    var signingKeys: [SigningKeyDescription]

    enum CodingKeys: String, CodingKey {
        case keys
        case signingKeys = "signing_keys"
    }
}

extension KeyDescription {
    /// Whether the key works, for people.
    var state: String {
        if let leakedAt { return "revoked \(leakedAt): leaked\(leakURL.map { ", \($0)" } ?? "")" }
        if let revokedAt { return "revoked \(revokedAt)" }
        if let expiresAt { return "expires \(expiresAt)\(attention == .expiring ? " (soon)" : "")" }
        return attention == .rotationDue ? "rotation due" : "in force"
    }
}
