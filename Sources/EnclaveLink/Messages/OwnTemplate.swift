/// A workspace's own text of a message, as it was saved. The enclave checks it again: a host that lies must not be able to
/// have a code carried anywhere but to the person.
public struct OwnTemplate: Equatable, Sendable {
    /// Of a mail; nil for every other channel.
    public var subject: String?
    public var text: String

    public init(subject: String?, text: String) {
        self.subject = subject
        self.text = text
    }
}
