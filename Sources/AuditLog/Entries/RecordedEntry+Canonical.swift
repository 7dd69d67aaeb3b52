import Encodings

extension RecordedEntry: EntryColumns {
    /// The entry as canonical JSON (RFC 8785): what is hashed into the tree, served and exported.
    public var canonicalText: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(512)
        appendCanonicalText(to: &text)
        return text
    }

    func integer(_ column: EntryColumn) -> Int64 {
        switch column {
        case .version: version
        case .time: time
        default: sequence
        }
    }

    func appendQuoted(_ column: EntryColumn, to text: inout [UInt8]) {
        let value =
            switch column {
            case .actor: actor
            case .action: action
            case .record: record
            case .agent: agent
            case .outcome: outcome
            case .request: request
            default: detail
            }
        JSONText.appendQuoted(value, to: &text)
    }

    func withBytes(_ column: EntryColumn, _ body: (UnsafeBufferPointer<UInt8>?) -> Void) {
        guard let bytes = column == .commitment ? commitment : personal else { return body(nil) }
        bytes.withUnsafeBufferPointer(body)
    }
}
