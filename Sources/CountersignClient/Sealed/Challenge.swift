import Foundation

/// A code that is on its way to a person, and the key that their answer is sealed to.
///
/// It may be encoded and kept while the person looks for the message: the target key is checked against the pinned key
/// each time a code is sealed to it.
public struct Challenge: Sendable, Hashable, Codable {
    public let id: String
    /// How the code reaches the person.
    public let channel: Channel
    public let expiresAt: Date
    /// Only with a test key, which sends no message.
    public let testCode: Secret?
    /// The signed target key.
    let target: String

    enum CodingKeys: String, CodingKey {
        case id, channel, expiresAt, target
        case testCode = "code"
    }
}
