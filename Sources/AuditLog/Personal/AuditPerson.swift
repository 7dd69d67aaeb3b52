import JOSE
import Storage

/// Under whose key the personal part of an entry is sealed: that of the person whom it is about or, where it is about
/// none, of the one who acted.
public struct AuditPerson: Hashable, Sendable {
    /// As the table `audit_person` names them.
    let name: String

    /// The person whose contact has this digest in the workspace.
    public init(contactDigest digest: [UInt8]) { name = Base64URL.encode(digest) }

    /// Whoever acted. A description has a colon or is a word, a digest never.
    public init(_ principal: Principal) { name = principal.description }

    init(of entry: AuditEntry) {
        self = entry.subject.map { AuditPerson(contactDigest: $0.digest) } ?? AuditPerson(entry.origin.principal)
    }

    /// The numbers of the keys that they have in a workspace, the oldest first. All keys of the workspace are looked at:
    /// about 0.3 s for a million.
    func keys(
        after number: KeyNumber = KeyNumber(0), workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> [KeyNumber] {
        let rows = try transaction.rows(
            "SELECT number FROM audit_person WHERE workspace = $1 AND number > $2 AND person = $3 ORDER BY number",
            [.text(workspace), .bytes(number.bytes), .text(name)])
        var numbers: [KeyNumber] = []
        for row in rows { if let number = KeyNumber(startOf: try row.bytes(0)) { numbers.append(number) } }
        return numbers
    }
}
