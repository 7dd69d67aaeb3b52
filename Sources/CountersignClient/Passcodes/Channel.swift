/// How a code reaches a person. A channel that is not known here is one all the same.
public struct Channel: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let sms = Self(rawValue: "sms")
    public static let voice = Self(rawValue: "voice")
    public static let whatsapp = Self(rawValue: "whatsapp")
    public static let email = Self(rawValue: "email")
}
