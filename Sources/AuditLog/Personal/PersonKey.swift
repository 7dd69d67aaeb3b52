import Crypto
import Storage

/// A key that something personal about one person in one workspace is sealed under (table `audit_person`). It is derived from
/// the enclave's wrapping key and a random salt, which only that table has: with the salt the key is gone.
///
/// `SymmetricKey` is immutable but not marked `Sendable`.
struct PersonKey: @unchecked Sendable {
    /// Entries are sealed under a key that was made at most so many milliseconds before: when they are gone, so may the key.
    static let lifetime: Int64 = 86_400_000

    let number: KeyNumber
    let salt: [UInt8]
    let key: SymmetricKey

    private init(
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

    /// The number that was given last in a workspace, 0 before the first.
    static func lastNumber(
        workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> KeyNumber {
        let last = try transaction.row(
            "SELECT number FROM audit_person WHERE workspace = $1 ORDER BY number DESC LIMIT 1", [.text(workspace)])
        return try (last?.bytes(0)).flatMap(KeyNumber.init(startOf:)) ?? KeyNumber(0)
    }

    /// A new key of a person.
    ///
    /// - Parameters:
    ///   - number: higher than any that was given before.
    ///   - time: that of its first entry, in Unix milliseconds.
    static func make(
        _ number: KeyNumber, for person: AuditPerson, workspace: String, at time: Int64, wrapping: WrappingKey,
        in transaction: any Transaction
    ) throws(StorageError) -> PersonKey {
        let salt = try Random.bytes(32)
        try transaction.execute(
            "INSERT INTO audit_person (workspace, number, person, salt, made_at) VALUES ($1, $2, $3, $4, $5)",
            [.text(workspace), .bytes(number.bytes), .text(person.name), .bytes(salt), .integer(time)])
        return try PersonKey(number, salt: salt, of: person.name, workspace: workspace, wrapping: wrapping)
    }

    /// Whether an entry of that time may be sealed under it: it is stored as it is, neither destroyed nor of a unit of work
    /// that was undone, and it is not too old.
    func serves(at time: Int64, workspace: String, in transaction: any Transaction) throws(StorageError) -> Bool {
        let stored = try transaction.row(
            "SELECT salt, made_at FROM audit_person WHERE workspace = $1 AND number = $2",
            [.text(workspace), .bytes(number.bytes)])
        guard let stored, try stored.optionalBytes(0) == salt else { return false }
        let made = try stored.integer(1)
        return made <= time && made >= time - Self.lifetime
    }

    /// Removes the keys under which no entry from `time` on is sealed. Of the last only the number stays, so that it is not
    /// given twice.
    static func removeUnused(
        since time: Int64, workspace: String, in transaction: any Transaction
    ) throws(StorageError) {
        // The time is as the database has it, which may be none of this world.
        let oldest = max(time, .min + lifetime) - lifetime
        let used = try transaction.row(
            """
            SELECT COALESCE(
                (SELECT number FROM audit_person WHERE workspace = $1 AND made_at >= $2 ORDER BY number LIMIT 1),
                (SELECT number FROM audit_person WHERE workspace = $1 ORDER BY number DESC LIMIT 1))
            """, [.text(workspace), .integer(oldest)])
        guard let first = try used?.optionalBytes(0) else { return }
        try transaction.execute(
            "DELETE FROM audit_person WHERE workspace = $1 AND number < $2", [.text(workspace), .bytes(first)])
        try transaction.execute(
            """
            UPDATE audit_person SET person = NULL, salt = NULL
            WHERE workspace = $1 AND number = $2 AND made_at < $3
            """, [.text(workspace), .bytes(first), .integer(oldest)])
    }
}
