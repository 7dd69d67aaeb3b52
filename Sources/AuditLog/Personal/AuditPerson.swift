import JOSE

/// Under whose key the personal part of an entry is sealed: that of the person whom it is about or, where it is about
/// none, of the one who acted.
public struct AuditPerson: Equatable, Sendable {
    /// As the table `audit_person` names them.
    let name: String

    /// The person whose contact has this digest in the workspace.
    public init(contactDigest digest: [UInt8]) { name = Base64URL.encode(digest) }

    /// Whoever acted. A description has a colon or is a word, a digest never.
    public init(_ principal: Principal) { name = principal.description }

    init(of entry: AuditEntry) {
        self = entry.subject.map { AuditPerson(contactDigest: $0.digest) } ?? AuditPerson(entry.origin.principal)
    }
}
