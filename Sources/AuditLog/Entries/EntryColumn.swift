/// The columns of an entry's row behind the workspace, in the order in which they are read.
enum EntryColumn: Int {
    case sequence, version, time, actor, action, record, agent, outcome, request, detail, commitment, personal
}

/// The values of an entry's columns, wherever they are.
protocol EntryColumns {
    associatedtype Failure: Error

    var workspace: String { get }
    func integer(_ column: EntryColumn) throws(Failure) -> Int64
    /// Appends a text as a JSON string.
    func appendQuoted(_ column: EntryColumn, to text: inout [UInt8]) throws(Failure)
    /// Lends the bytes of a column, nil where the entry has none.
    func withBytes(_ column: EntryColumn, _ body: (UnsafeBufferPointer<UInt8>?) -> Void) throws(Failure)
}
