import TransparencyLog

extension AuditCommand.Verify {
    private struct Report: Encodable {
        var valid: Bool
        var origin: String?
        var size: UInt64?
        var root: String?
        /// How many entries were pruned from the front, as the entries themselves say.
        var pruned: UInt64?
        /// Of an export: the number of entries, of which `size` is the log's.
        var entries: Int?
        /// The number of the first entry that does not fit, from 1.
        var firstBadEntry: UInt64?
        var reason: String?

        enum CodingKeys: String, CodingKey {
            case valid, origin, size, root, pruned, entries
            case firstBadEntry = "first_bad_entry"
            case reason
        }
    }

    func report(_ log: VerifiedLog) throws {
        let checkpoint = log.checkpoint
        if output.json {
            return try Output.json(
                Report(
                    valid: true, origin: "\(checkpoint.origin)", size: checkpoint.size, root: "\(checkpoint.root)",
                    pruned: log.entries.lowerBound))
        }
        Output.line("\(checkpoint.origin): \(log.entries.count) of \(checkpoint.size) entries fit the signed root.")
        if log.entries.lowerBound > 0 {
            Output.line("Entries 1 to \(log.entries.lowerBound) were pruned, as a later entry says.")
        }
    }

    func report(_ export: ExportStatement) throws {
        let (entries, head) = (export.entries, export.head)
        if output.json {
            return try Output.json(
                Report(
                    valid: true, origin: "\(export.origin)", size: head.size, root: "\(head.root)",
                    entries: entries.count))
        }
        let numbers = entries.isEmpty ? "no entries" : "entries \(entries.lowerBound + 1) to \(entries.upperBound)"
        Output.line("\(export.origin): \(numbers) are those of the signed log of \(head.size).")
    }

    func report(_ fault: String, firstBad number: UInt64?) throws {
        if output.json { return try Output.json(Report(valid: false, firstBadEntry: number, reason: fault)) }
        let place = number.map { "Entry \($0) is the first that does not fit. " } ?? ""
        Output.line("\(place)\(fault)")
        Output.line("Keep a copy of what was checked, and look at what changed it.")
    }
}

extension LogFault {
    /// The number of the first entry in doubt, as entries are numbered; nil where it is the checkpoint.
    var number: UInt64? { place == .checkpoint ? nil : firstEntry + 1 }
}
