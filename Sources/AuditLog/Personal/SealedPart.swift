import Crypto
import Storage

/// An entry's personal part as the database keeps it.
struct SealedPart {
    /// What the entry says of it: 32 bytes.
    let commitment: [UInt8]
    /// The person's number, then what was sealed under their key.
    let bytes: [UInt8]

    init(
        _ part: PersonalPart, of person: AuditPerson, workspace: String, wrapping: WrappingKey,
        in transaction: any Transaction
    ) throws(StorageError) {
        let key = try PersonKey.key(of: person, workspace: workspace, wrapping: wrapping, in: transaction)
        // Salt and nonce come from one call of the kernel.
        let random = try Random.bytes(Self.saltLength + Self.nonceLength)
        let salt = random.prefix(Self.saltLength)
        let text = part.canonicalText(salt: salt)
        commitment = PersonalPart.commitment(to: text, salt: salt)
        do {
            let box = try AES.GCM.seal(
                text, using: key.key, nonce: AES.GCM.Nonce(data: random.suffix(Self.nonceLength)),
                authenticating: commitment)
            bytes = key.prefix + random.suffix(Self.nonceLength) + box.ciphertext + box.tag
        } catch {
            throw StorageError(.unavailable, reason: "the cipher of the audit log failed")
        }
    }

    private static let saltLength = 16
    /// AES-GCM with a random nonce (NIST SP 800-38D, 8.2.2).
    private static let nonceLength = 12
}

/// Opens the personal parts of one workspace's entries while one unit of work reads them.
struct PersonalOpening {
    let workspace: String
    let wrapping: WrappingKey
    /// By number; nil for one that was destroyed.
    private var keys: [Int64: PersonKey?] = [:]

    init(workspace: String, wrapping: WrappingKey) {
        self.workspace = workspace
        self.wrapping = wrapping
    }

    mutating func open(_ entry: RecordedEntry, in transaction: any Transaction) throws(StorageError) -> PersonalReading
    {
        guard let sealed = entry.personal, let commitment = entry.commitment else { return .none }
        guard let number = PersonKey.number(of: sealed) else { return .unreadable }
        guard let key = try key(number, in: transaction) else { return .erased }
        guard let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst(PersonKey.numberLength)),
            let text = try? AES.GCM.open(box, using: key.key, authenticating: commitment),
            let part = try? PersonalPart(canonicalText: Array(text))
        else { return .unreadable }
        return .known(part)
    }

    private mutating func key(_ number: Int64, in transaction: any Transaction) throws(StorageError) -> PersonKey? {
        if let known = keys[number] { return known }
        let found = try PersonKey.find(number, workspace: workspace, wrapping: wrapping, in: transaction)
        keys[number] = .some(found)
        return found
    }
}
