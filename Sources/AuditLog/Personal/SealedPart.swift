import Crypto
import Storage

/// An entry's personal part as the database keeps it.
struct SealedPart {
    /// What the entry says of it: 32 bytes.
    let commitment: [UInt8]
    /// The identifier of the person's key, then what was sealed under it.
    let bytes: [UInt8]

    init(
        _ part: PersonalPart, of person: AuditPerson, workspace: String, wrapping: SymmetricKey,
        in transaction: any Transaction
    ) throws(StorageError) {
        let key = try PersonKey.key(of: person, workspace: workspace, wrapping: wrapping, in: transaction)
        let salt = Random.bytes(16)
        let text = part.canonicalText(salt: salt)
        commitment = PersonalPart.commitment(to: text, salt: salt)
        bytes = try key.identifier + text.sealed(under: key.key, authenticating: commitment)
    }
}

/// Opens the personal parts of one workspace's entries while one unit of work reads them.
struct PersonalOpening {
    let workspace: String
    let wrapping: SymmetricKey
    private var keys: [[UInt8]: PersonKey.Finding] = [:]

    init(workspace: String, wrapping: SymmetricKey) {
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
        guard let sealed = entry.personal, let commitment = entry.commitment else { return .none }
        let identifier = Array(sealed.prefix(PersonKey.identifierLength))
        switch try finding(identifier, in: transaction) {
        case .destroyed: return .erased
        case .unreadable: return .unreadable
        case .found(let key):
            guard let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst(PersonKey.identifierLength)),
                let text = try? AES.GCM.open(box, using: key.key, authenticating: commitment)
            else { return .unreadable }
            return .known(Array(text))
        }
    }

    private mutating func finding(
        _ identifier: [UInt8], in transaction: any Transaction
    ) throws(StorageError) -> PersonKey.Finding {
        if let known = keys[identifier] { return known }
        let found = try PersonKey.find(identifier, workspace: workspace, wrapping: wrapping, in: transaction)
        keys[identifier] = found
        return found
    }
}
