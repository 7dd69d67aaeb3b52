import Crypto
import Storage

/// A key that something personal about one person in one workspace is sealed under (table `audit_person`). It is derived from
/// the enclave's wrapping key and a random salt, which only that table has: with the salt the key is gone.
///
/// `SymmetricKey` is immutable but not marked `Sendable`.
struct PersonKey: @unchecked Sendable {
    let number: KeyNumber
    let salt: [UInt8]
    let key: SymmetricKey

    init(
        _ number: KeyNumber, salt: [UInt8], of person: String, workspace: String, wrapping: WrappingKey
    ) throws(StorageError) {
        self.number = number
        self.salt = salt
        key = try wrapping.key(of: person, workspace: workspace, salt: salt)
    }

    /// The key with a number, nil where it was destroyed.
    static func find(
        _ number: KeyNumber, workspace: String, wrapping: WrappingKey, in transaction: any Transaction
    ) throws(StorageError) -> PersonKey? {
        let stored = try transaction.row(
            "SELECT person, salt FROM audit_person WHERE workspace = $1 AND number = $2",
            [.text(workspace), .bytes(number.bytes)])
        guard let person = try stored?.optionalText(0), let salt = try stored?.optionalBytes(1) else { return nil }
        return try PersonKey(number, salt: salt, of: person, workspace: workspace, wrapping: wrapping)
    }

    /// A new key of a person.
    static func make(
        for person: AuditPerson, workspace: String, wrapping: WrappingKey, in transaction: any Transaction
    ) throws(StorageError) -> PersonKey {
        let last = try transaction.row(
            "SELECT number FROM audit_person WHERE workspace = $1 ORDER BY number DESC LIMIT 1", [.text(workspace)])
        let highest = try last?.bytes(0)
        let number = KeyNumber((highest.flatMap(KeyNumber.init(startOf:))?.value ?? 0) + 1)
        let salt = try Random.bytes(32)
        try transaction.execute(
            "INSERT INTO audit_person (workspace, number, person, salt) VALUES ($1, $2, $3, $4)",
            [.text(workspace), .bytes(number.bytes), .text(person.name), .bytes(salt)])
        return try PersonKey(number, salt: salt, of: person.name, workspace: workspace, wrapping: wrapping)
    }

    /// Whether it is stored as it is: not destroyed, and not of a unit of work that was undone.
    func isStored(workspace: String, in transaction: any Transaction) throws(StorageError) -> Bool {
        let stored = try transaction.row(
            "SELECT salt FROM audit_person WHERE workspace = $1 AND number = $2",
            [.text(workspace), .bytes(number.bytes)])
        return try stored?.optionalBytes(0) == salt
    }
}
