/// How a message reaches a person.
public enum Channel: String, CaseIterable, Hashable, Sendable, Codable {
    case email, sms, voice, whatsapp
}

/// A live challenge is delivered and answers with a token that the world trusts; a test challenge is neither
/// delivered nor trusted outside test.
public enum ChallengeMode: String, CaseIterable, Hashable, Sendable, Codable {
    case live, test
}

/// Whom a challenge is for: an E.164 number or an e-mail address, already normalised.
public struct ContactAddress: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable { case phone, email }
    public let kind: Kind
    public let value: String

    public init(kind: Kind, value: String) {
        self.kind = kind
        self.value = value
    }
}

extension ContactAddress {
    /// The only contacts of a sandbox; nothing is ever sent to them.
    public static let sandboxContacts: Set<Self> = [
        Self(kind: .email, value: "user@example.com"), Self(kind: .phone, value: "+19999999999"),
    ]
}
