import Crypto
import Storage

/// An entry's personal part as the database keeps it.
struct SealedPart {
    /// What the entry says of what was sealed (32 bytes), nil where nothing was.
    let commitment: [UInt8]?
    /// The number of the person's key, then what was sealed under it.
    let bytes: [UInt8]

    /// - Parameter part: nil where an entry is about the person and has nothing more to say of them.
    init(_ part: PersonalPart?, under key: PersonKey) throws(StorageError) {
        guard let part else {
            commitment = nil
            bytes = key.number.bytes
            return
        }
        // Salt and nonce come from one call of the kernel.
        let random = try Random.bytes(Self.saltLength + Self.nonceLength)
        let salt = Array(random.prefix(Self.saltLength))
        let text = part.canonicalText(salt: salt)
        let commitment = PersonalPart.commitment(to: text, salt: salt)
        do {
            let box = try AES.GCM.seal(
                text, using: key.key, nonce: AES.GCM.Nonce(data: random.suffix(Self.nonceLength)),
                authenticating: commitment)
            self.commitment = commitment
            bytes = key.number.bytes + random.suffix(Self.nonceLength) + box.ciphertext + box.tag
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
    private var keys: [KeyNumber: PersonKey?] = [:]

    init(workspace: String, wrapping: WrappingKey) {
        self.workspace = workspace
        self.wrapping = wrapping
    }

    mutating func open(_ entry: RecordedEntry, in transaction: any Transaction) throws(StorageError) -> PersonalReading
    {
        switch try text(of: entry, in: transaction) {
        case .none: .none
        case .erased: .erased
        case .unreadable: .unreadable
        case .known(let text): (try? PersonalPart(canonicalText: text)).map { .known($0) } ?? .unreadable
        }
    }

    /// The part as it was written, which is what the entry's commitment is over.
    mutating func text(of entry: RecordedEntry, in transaction: any Transaction) throws(StorageError) -> PersonalText {
        guard let sealed = entry.personal else { return .none }
        guard let number = KeyNumber(startOf: sealed) else { return .unreadable }
        guard let commitment = entry.commitment else {
            return sealed.count == KeyNumber.length ? .none : .unreadable
        }
        guard let key = try key(number, in: transaction) else { return .erased }
        guard let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst(KeyNumber.length)),
            let text = try? AES.GCM.open(box, using: key.key, authenticating: commitment)
        else { return .unreadable }
        return .known(Array(text))
    }

    private mutating func key(_ number: KeyNumber, in transaction: any Transaction) throws(StorageError) -> PersonKey? {
        if let known = keys[number] { return known }
        let found = try PersonKey.find(number, workspace: workspace, wrapping: wrapping, in: transaction)
        keys[number] = .some(found)
        return found
    }
}
