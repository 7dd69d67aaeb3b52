import JOSE

/// An entry of the log as commands show it.
struct EntryReport: Sendable {
    /// What the server gave.
    let answer: JSONValue

    init(_ answer: JSONValue) { self.answer = answer }

    /// Its number.
    var sequence: Int { answer["sequence"]?.wholeNumber ?? 0 }

    /// Its cells in a table.
    var row: [String] {
        let texts = ["time", "actor", "action", "outcome", "record"].map { answer[$0]?.text ?? "" }
        return [String(sequence)] + texts + [person, answer["detail"]?.text ?? ""]
    }

    /// Whose contact it is about, or where it came from.
    private var person: String {
        let part = answer["personal"]
        return part?.text ?? part?["contact"]?.text ?? part?["address"]?.text ?? ""
    }
}
