/// Whose contact an entry is about.
public struct AuditSubject: Equatable, Sendable {
    /// The contact's digest in its workspace, by which it is found again when it is to be erased.
    public var digest: [UInt8]
    /// The contact itself, where it is known; it is sealed.
    public var contact: String?

    public init(digest: [UInt8], contact: String? = nil) {
        self.digest = digest
        self.contact = contact
    }
}
