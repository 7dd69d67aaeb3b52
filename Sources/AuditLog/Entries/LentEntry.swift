import Encodings
import Storage

/// An entry that is read where the database has it. Whoever goes through a whole log needs its text and nothing more of it,
/// and a ``RecordedEntry`` of each would take most of the time.
struct LentEntry: EntryColumns {
    let workspace: String
    private let row: any LentRow

    private init(workspace: String, row: any LentRow) {
        self.workspace = workspace
        self.row = row
    }

    func integer(_ column: EntryColumn) throws(StorageError) -> Int64 { try row.integer(column.rawValue) }

    func text(_ column: EntryColumn) throws(StorageError) -> String {
        var text: String?
        try row.withText(column.rawValue) { text = String(validating: $0, as: UTF8.self) }
        guard let text else { throw .noText }
        return text
    }

    func appendQuoted(_ column: EntryColumn, to text: inout [UInt8]) throws(StorageError) {
        try row.withText(column.rawValue) { characters throws(StorageError) in
            // Nearly every text is ASCII with nothing to escape.
            if characters.allSatisfy(Self.isPlain) {
                text.append(UInt8(ascii: "\""))
                text.append(contentsOf: characters)
                text.append(UInt8(ascii: "\""))
            } else {
                guard let value = String(validating: characters, as: UTF8.self) else { throw .noText }
                JSONText.appendQuoted(value, to: &text)
            }
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    func withBytes(
        _ column: EntryColumn, _ body: (UnsafeBufferPointer<UInt8>?) -> Void
    ) throws(StorageError) {
        try row.withOptionalBytes(column.rawValue, body)
    }

    /// Lends the entries after a number, the oldest first, and their canonical texts.
    static func each(
        after sequence: Int64, count: Int, workspace: String, in transaction: any Transaction,
        _ body: (LentEntry, [UInt8]) throws(StorageError) -> Void
    ) throws(StorageError) {
        var text: [UInt8] = []
        try transaction.forEachRow(
            RecordedEntry.rangeStatement, RecordedEntry.rangeValues(after: sequence, count: count, workspace)
        ) { row throws(StorageError) in
            let entry = LentEntry(workspace: workspace, row: row)
            text.removeAll(keepingCapacity: true)
            try entry.appendCanonicalText(to: &text)
            try body(entry, text)
        }
    }
}

extension StorageError {
    fileprivate static let noText = StorageError(.unexpectedValue, reason: "an entry has text that is not UTF-8")
}
