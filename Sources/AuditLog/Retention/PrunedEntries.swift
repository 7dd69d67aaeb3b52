import JOSE

/// Which entries an entry `log.pruned` tells of, by their numbers.
struct PrunedEntries: Equatable {
    let first: UInt64
    let last: UInt64

    init(first: UInt64, last: UInt64) {
        self.first = first
        self.last = last
    }

    /// As it stands in the entry's detail.
    var text: String { "\(first) to \(last)" }

    private static let beginning = Array(#"{"action":"\#(AuditAction.logPruned.rawValue)","#.utf8)

    /// What an entry tells; nil for an entry of another kind.
    init?(canonicalText text: ArraySlice<UInt8>) {
        // Nearly every entry is another: they are not parsed.
        guard text.starts(with: Self.beginning), let entry = try? JSONValue(parsing: Array(text)),
            let words = entry["detail"]?.text?.split(separator: " "), words.count == 3, words[1] == "to",
            let first = UInt64(words[0]), let last = UInt64(words[2]), first <= last
        else { return nil }
        self.init(first: first, last: last)
    }
}
