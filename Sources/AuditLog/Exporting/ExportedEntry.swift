import JOSE
import TransparencyLog

/// An entry's personal part as it was written: canonical JSON, the salt among its members.
enum PersonalText: Equatable, Sendable {
    case none, erased, unreadable
    case known([UInt8])
}

/// An entry as an export has it: all that its leaf and its commitments are computed from.
struct ExportedEntry: Equatable {
    let entry: RecordedEntry
    let personal: PersonalText

    /// Why this is not what the log has at `index`; nil where it can be, as far as the entry itself says.
    ///
    /// - Parameter leaf: the hash that the export says is the entry's.
    func fault(at index: UInt64, of workspace: String, leaf: LogHash) -> String? {
        guard entry.sequence == Int64(clamping: index) + 1, entry.workspace == workspace else {
            return "Another one stands in its place."
        }
        guard LogHash.leaf(entry.canonicalText) == leaf else { return "It is not what its leaf was made of." }
        return isCommittedTo ? nil : "Its personal part is not the one that it commits to."
    }

    /// Whether the entry commits to this personal part. What was erased cannot be told.
    private var isCommittedTo: Bool {
        switch personal {
        // An entry about somebody of whom it has nothing to seal has the number of their key alone.
        case .none: return entry.commitment == nil && (entry.personal?.count ?? KeyNumber.length) == KeyNumber.length
        case .erased, .unreadable: return entry.commitment != nil && entry.personal != nil
        case .known(let text):
            guard let members = try? JSONValue(parsing: text),
                let salt = members["salt"]?.text.flatMap({ try? Base64URL.decode($0) })
            else { return false }
            return PersonalPart.commitment(to: text, salt: salt) == entry.commitment
        }
    }
}
