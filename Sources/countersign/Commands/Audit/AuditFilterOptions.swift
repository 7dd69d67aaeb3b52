import ArgumentParser

/// Which entries a command is about. All that is given has to fit.
struct AuditFilterOptions: ParsableArguments {
    @Option(help: "The identifier of what was acted on.") var record: String?
    @Option(help: "The phone number or e-mail address of the person that it is about.") var contact: String?
    @Option(help: "The agent that it is about.") var agent: String?
    @Option(help: "Such as challenge.verified.") var action: String?
    @Option(help: "Who acted, such as key:key_….") var actor: String?
    @Option(help: "done, refused or failed.") var outcome: String?
    @Option(help: "RFC 3339, such as 2026-11-21T08:00:00Z, or a day.") var from: String?
    @Option(help: "RFC 3339, or a day.") var to: String?

    fileprivate var parameters: [(String, String?)] {
        [
            ("record", record), ("contact", contact), ("agent", agent), ("action", action), ("actor", actor),
            ("outcome", outcome), ("from", from), ("to", to),
        ]
    }
}

/// A page of the log as the server gives it.
struct EntryPage {
    var entries: [EntryReport]
    /// The number to read on from; nil where there is nothing more.
    var next: Int?
}

extension ServerConnection {
    /// Entries of the log; those that match may be fewer than the limit although there is a next page.
    ///
    /// - Parameter place: `before` or `after`, and a number.
    func entries(
        _ filter: AuditFilterOptions, limit: Int, _ place: (name: String, number: Int)? = nil
    ) async throws -> EntryPage {
        let page = [("limit", String(limit))] + [place].compactMap { $0 }.map { ($0.name, String($0.number)) }
        let wishes = filter.parameters + page.map { ($0.0, Optional($0.1)) }
        let query = wishes.compactMap { name, value in value.map { "\(name)=\(PathSegment($0))" } }
        let answer = try await json("GET", "/v1/log/entries?" + query.joined(separator: "&"))
        return EntryPage(
            entries: (answer["entries"]?.elements ?? []).map(EntryReport.init), next: answer["next"]?.wholeNumber)
    }

    /// The newest entries that match, the newest first, from as many pages as it takes.
    func newestEntries(_ filter: AuditFilterOptions, count: Int, before: Int? = nil) async throws -> EntryPage {
        var found = EntryPage(entries: [], next: before)
        repeat {
            let page = try await entries(
                filter, limit: count - found.entries.count, found.next.map { ("before", $0) })
            found.entries += page.entries
            found.next = page.next
        } while found.next != nil && found.entries.count < count
        return found
    }
}
