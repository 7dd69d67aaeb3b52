import Crypto
import Encodings
import Storage

/// The key that everything personal about one person in one workspace is sealed under. It is derived from the enclave's
/// wrapping key and a random salt, which only the table `audit_person` has: with the salt the key is gone.
struct PersonKey {
    /// Counts the persons of the workspace, from 1. No number is given twice.
    let number: Int64
    let key: SymmetricKey

    /// Bytes of the number in front of a sealed part.
    static let numberLength = 8

    /// The person's key, made where there is none yet. Remembered by nobody: a unit of work that is undone takes the key
    /// along that it made.
    static func key(
        of person: AuditPerson, workspace: String, wrapping: WrappingKey,
        in transaction: any Transaction
    ) throws(StorageError) -> PersonKey {
        let stored = try transaction.row(
            "SELECT number, salt FROM audit_person WHERE workspace = $1 AND person = $2",
            [.text(workspace), .text(person.name)])
        if let stored {
            return try PersonKey(stored.integer(0), salt: stored.bytes(1), person.name, workspace, wrapping)
        }
        let salt = try Random.bytes(32)
        let made = try transaction.row(
            """
            INSERT INTO audit_person (workspace, number, person, salt)
            SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3 FROM audit_person WHERE workspace = $1
            RETURNING number
            """, [.text(workspace), .text(person.name), .bytes(salt)])
        guard let made else { throw StorageError(.unavailable, reason: "a person got no number") }
        return try PersonKey(made.integer(0), salt: salt, person.name, workspace, wrapping)
    }

    /// The key of the person with a number, nil where it was destroyed.
    static func find(
        _ number: Int64, workspace: String, wrapping: WrappingKey, in transaction: any Transaction
    ) throws(StorageError) -> PersonKey? {
        let stored = try transaction.row(
            "SELECT person, salt FROM audit_person WHERE workspace = $1 AND number = $2",
            [.text(workspace), .integer(number)])
        guard let person = try stored?.optionalText(0), let salt = try stored?.optionalBytes(1) else { return nil }
        return try PersonKey(number, salt: salt, person, workspace, wrapping)
    }

    /// The number that a sealed part begins with, nil where it is too short.
    static func number(of sealed: [UInt8]) -> Int64? {
        guard sealed.count >= numberLength else { return nil }
        return Int64(bitPattern: sealed.prefix(numberLength).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// What a part that is sealed under this key begins with.
    var prefix: [UInt8] { Self.prefix(number) }

    /// The same for a number: big-endian.
    static func prefix(_ number: Int64) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

    private init(
        _ number: Int64, salt: [UInt8], _ person: String, _ workspace: String, _ wrapping: WrappingKey
    ) throws(StorageError) {
        self.number = number
        key = try wrapping.key(of: person, workspace: workspace, salt: salt)
    }
}
