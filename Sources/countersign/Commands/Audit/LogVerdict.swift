import AuditLog
import TransparencyLog

/// What the verification of one log, or of one export, came to.
struct LogVerdict: Encodable {
    var valid = true
    var origin: String?
    var size: UInt64?
    var root: String?
    /// How many entries were pruned from the front, as the entries themselves say.
    var pruned: UInt64?
    /// Of a database: how many entries no checkpoint takes in yet.
    var unsigned: Int?
    /// Of an export: the number of entries, of which `size` is the log's.
    var entries: Int?
    /// The number of the first entry that does not fit, from 1.
    var firstBadEntry: UInt64?
    var reason: String?
    /// What is said of it to a person, a line each.
    private(set) var lines: [String] = []

    enum CodingKeys: String, CodingKey {
        case valid, origin, size, root, pruned, unsigned, entries
        case firstBadEntry = "first_bad_entry"
        case reason
    }

    /// A log in which everything fits.
    init(_ log: VerifiedLog, unsigned: Int? = nil) {
        let (checkpoint, first) = (log.checkpoint, log.entries.lowerBound)
        origin = "\(checkpoint.origin)"
        size = checkpoint.size
        root = "\(checkpoint.root)"
        pruned = first
        self.unsigned = unsigned
        lines = ["\(checkpoint.origin): \(log.entries.count) of \(checkpoint.size) entries fit the signed root."]
        if first > 0 { lines.append("Entries 1 to \(first) were pruned, as a later entry says.") }
        if let unsigned, unsigned > 0 { lines.append("Entries that are not signed yet: \(unsigned).") }
    }

    /// An export in which everything fits.
    init(_ export: ExportStatement) {
        let (numbers, head) = (export.entries, export.head)
        origin = "\(export.origin)"
        size = head.size
        root = "\(head.root)"
        entries = numbers.count
        let named = numbers.isEmpty ? "no entries" : "entries \(numbers.lowerBound + 1) to \(numbers.upperBound)"
        lines = ["\(export.origin): \(named) are those of the signed log of \(head.size)."]
    }

    /// A log in which something does not fit; nil for an error that says nothing about the log.
    init?(_ error: any Error, origin: String) {
        switch error {
        case let fault as LogFault: self.init(fault.reasonBesideNumber, firstBad: fault.number, origin: origin)
        case let fault as ExportFault: self.init(fault.reason, firstBad: fault.entry, origin: origin)
        case let error as LogReadingError where error.code == .damaged:
            self.init(
                "What the database has of the log is damaged: \(error.reason).", firstBad: nil, origin: origin)
        case let fault as StoredLogFault: self.init(fault.reason, firstBad: fault.entry, origin: origin)
        default: return nil
        }
    }

    private init(_ reason: String, firstBad number: UInt64?, origin: String) {
        valid = false
        self.origin = origin
        firstBadEntry = number
        self.reason = reason
        let place = number.map { "Entry \($0) is the first that does not fit. " } ?? ""
        lines = ["\(origin): \(place)\(reason)"]
    }
}

/// What the verification of all logs of a database came to. At the top stands what one log would have: of the first one
/// that does not fit, else of the first one.
struct DatabaseVerdict: Encodable {
    let logs: [LogVerdict]

    private enum CodingKeys: String, CodingKey { case logs }

    func encode(to encoder: any Encoder) throws {
        try (logs.first { !$0.valid } ?? logs.first)?.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(logs, forKey: .logs)
    }
}

extension LogFault {
    /// The number of the first entry in doubt, as entries are numbered; nil where it is the checkpoint.
    fileprivate var number: UInt64? { place == .checkpoint ? nil : firstEntry + 1 }

    /// Why, where the number is told already.
    fileprivate var reasonBesideNumber: String {
        if case .entry = place { reason } else { description }
    }
}
