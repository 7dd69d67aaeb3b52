import JOSE
import TransparencyLog

/// An entry as a row of CSV (RFC 4180): the members of the entry and of its personal part, side by side.
extension ExportedEntry {
    /// The names of the columns, with the line's end.
    static let header = CSVRow.text([
        "sequence", "time", "action", "actor", "outcome", "record", "agent", "detail", "request", "contact", "address",
        "user_agent", "personal", "salt", "commitment", "sealed", "leaf", "version", "workspace",
    ])

    /// The row with its end.
    var row: [UInt8] {
        let part = PersonalCells(personal)
        return CSVRow.text([
            String(entry.sequence), String(entry.time), entry.action, entry.actor, entry.outcome, entry.record,
            entry.agent, entry.detail, entry.request, part.contact, part.address, part.userAgent, part.state, part.salt,
            entry.commitment.map { Base64URL.encode($0) } ?? "", entry.personal.map { Base64URL.encode($0) } ?? "",
            LogHash.leaf(entry.canonicalText).base64, String(entry.version), entry.workspace,
        ])
    }

    /// Reads what ``row`` wrote, and the leaf in it; nil for what is no such row.
    static func read(row: [UInt8]) -> (entry: ExportedEntry, leaf: LogHash)? {
        guard let cells = CSVRow.cells(row), cells.count == 19, let sequence = Int64(cells[0]),
            let time = Int64(cells[1]), let version = Int64(cells[17]), let leaf = try? LogHash(base64: cells[16]),
            let commitment = try? Base64URL.decode(cells[14]), let sealed = try? Base64URL.decode(cells[15])
        else { return nil }
        let part = PersonalCells(
            state: cells[12], contact: cells[9], address: cells[10], userAgent: cells[11], salt: cells[13])
        guard let personal = part.text else { return nil }
        let entry = RecordedEntry(
            workspace: cells[18], sequence: sequence, version: version, time: time, actor: cells[3], action: cells[2],
            record: cells[5], agent: cells[6], outcome: cells[4], request: cells[8], detail: cells[7],
            commitment: commitment.isEmpty ? nil : commitment, personal: sealed.isEmpty ? nil : sealed)
        return (ExportedEntry(entry: entry, personal: personal), leaf)
    }
}

/// A personal part in cells. A member that is not there is an empty one.
private struct PersonalCells {
    var state: String
    var contact = ""
    var address = ""
    var userAgent = ""
    var salt = ""

    init(state: String, contact: String, address: String, userAgent: String, salt: String) {
        self.state = state
        self.contact = contact
        self.address = address
        self.userAgent = userAgent
        self.salt = salt
    }

    init(_ personal: PersonalText) {
        switch personal {
        case .none: state = ""
        case .erased: state = "erased"
        case .unreadable: state = "unreadable"
        case .known(let text):
            let members = try? JSONValue(parsing: text)
            state = "known"
            contact = members?["contact"]?.text ?? ""
            address = members?["address"]?.text ?? ""
            userAgent = members?["user_agent"]?.text ?? ""
            salt = members?["salt"]?.text ?? ""
        }
    }

    /// The part that the cells were made from; nil where they were made from none.
    var text: PersonalText? {
        switch state {
        case "": PersonalText.none
        case "erased": .erased
        case "unreadable": .unreadable
        case "known":
            (try? Base64URL.decode(salt)).map { salt in
                .known(PersonalPart(address: address, contact: contact, userAgent: userAgent).canonicalText(salt: salt))
            }
        default: nil
        }
    }
}

extension PersonalPart {
    /// Empty texts are members that are not there.
    fileprivate init(address: String, contact: String, userAgent: String) {
        self.address = address.isEmpty ? nil : address
        self.contact = contact.isEmpty ? nil : contact
        self.userAgent = userAgent.isEmpty ? nil : userAgent
    }
}
