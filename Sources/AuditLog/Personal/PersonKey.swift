import Crypto
import Storage

/// The key that everything personal about one person in one workspace is sealed under (table `audit_person`).
struct PersonKey {
    /// 8 random bytes, by which sealed parts name it.
    let identifier: [UInt8]
    let key: SymmetricKey

    static let identifierLength = 8

    /// The person's key, made where there is none yet. Remembered by nobody: a unit of work that is undone takes the key
    /// along that it made.
    static func key(
        of person: AuditPerson, workspace: String, wrapping: SymmetricKey, in transaction: any Transaction
    ) throws(StorageError) -> PersonKey {
        let place = Place(workspace: workspace, person: person.name)
        let stored = try transaction.row(
            "SELECT key_id, wrapped_key FROM audit_person WHERE workspace = $1 AND person = $2",
            [.text(workspace), .text(person.name)])
        if let stored {
            let found = try PersonKey(
                identifier: stored.bytes(0), unwrapping: stored.bytes(1), at: place, with: wrapping)
            guard let found else { throw .foreignPersonKey }
            return found
        }
        let fresh = PersonKey(identifier: Random.bytes(identifierLength), key: SymmetricKey(size: .bits256))
        try transaction.execute(
            "INSERT INTO audit_person (workspace, person, key_id, wrapped_key) VALUES ($1, $2, $3, $4)",
            [
                .text(workspace), .text(person.name), .bytes(fresh.identifier),
                .bytes(try fresh.wrapped(at: place, with: wrapping)),
            ])
        return fresh
    }

    /// What became of the key that a sealed part names.
    enum Finding {
        case found(PersonKey)
        case destroyed, unreadable
    }

    static func find(
        _ identifier: [UInt8], workspace: String, wrapping: SymmetricKey, in transaction: any Transaction
    ) throws(StorageError) -> Finding {
        let stored = try transaction.row(
            "SELECT person, wrapped_key FROM audit_person WHERE workspace = $1 AND key_id = $2",
            [.text(workspace), .bytes(identifier)])
        guard let stored else { return .destroyed }
        let place = Place(workspace: workspace, person: try stored.text(0))
        let key = try PersonKey(identifier: identifier, unwrapping: stored.bytes(1), at: place, with: wrapping)
        return key.map { .found($0) } ?? .unreadable
    }

    /// Where a key belongs: it opens nowhere else.
    private struct Place {
        let workspace: String
        let person: String

        func data(_ identifier: [UInt8]) -> [UInt8] { Array("\(workspace)\n\(person)\n".utf8) + identifier }
    }

    private init(identifier: [UInt8], key: SymmetricKey) {
        self.identifier = identifier
        self.key = key
    }

    /// Nil where it does not open.
    private init?(identifier: [UInt8], unwrapping wrapped: [UInt8], at place: Place, with wrapping: SymmetricKey) {
        guard let box = try? AES.GCM.SealedBox(combined: wrapped),
            let key = try? AES.GCM.open(box, using: wrapping, authenticating: place.data(identifier))
        else { return nil }
        self.init(identifier: identifier, key: SymmetricKey(data: key))
    }

    private func wrapped(at place: Place, with wrapping: SymmetricKey) throws(StorageError) -> [UInt8] {
        try key.withUnsafeBytes { Array($0) }.sealed(under: wrapping, authenticating: place.data(identifier))
    }
}

extension [UInt8] {
    /// AES-256-GCM: a random nonce (12 bytes), the sealed bytes, the tag (16).
    func sealed(under key: SymmetricKey, authenticating data: [UInt8]) throws(StorageError) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(self, using: key, authenticating: data)
            return Array(box.nonce) + box.ciphertext + box.tag
        } catch {
            throw StorageError(.unavailable, reason: "the cipher of the audit log failed")
        }
    }
}

extension StorageError {
    fileprivate static let foreignPersonKey = StorageError(
        .unavailable, reason: "a person's key in audit_person does not open under this installation's master key")
}
