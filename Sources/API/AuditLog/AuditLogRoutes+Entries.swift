import AuditLog
import Encodings
import HTTPServer
import Passcodes
import Workspaces

extension AuditLogRoutes {
    /// Entries that one answer may have.
    private static let pageLimit: Int64 = 1000

    /// `GET /v1/log/entries`: the newest first; with `after` the oldest first, from there on.
    @Sendable func listEntries(_ request: Request, _ workspace: String) async throws -> Response {
        let query = try StrictQuery(
            request, "record", "contact", "agent", "action", "actor", "outcome", "from", "to", "limit", "before",
            "after")
        let wish = try wish(query, workspace: workspace)
        let after = try query.number("after", 0...Int64.max)
        guard wish.filter.before == nil || after == nil else {
            throw Problem.invalidParameter("after", "cannot be with before.")
        }
        let pages = AuditPages(rooms.audit)
        let page: AuditPage
        do {
            if let after {
                page = try await pages.forwards(wish, after: after, workspace: workspace)
            } else {
                page = try await pages.backwards(wish, workspace: workspace)
            }
        } catch { throw LogReadingError(error) }
        var text = JSONObjectText(capacity: 512 * page.entries.count + 64)
        text.add("entries", page.entries.map(Self.text))
        text.add("next", page.next.map { Int($0) })
        return .json(text)
    }

    /// Throws `Problem`, `PasscodeError` while the enclave is down.
    private func wish(_ query: StrictQuery, workspace: String) throws -> AuditPages.Wish {
        var filter = AuditFilter(
            agent: query.text("agent"), record: query.text("record"),
            person: try contact(query).map { try person($0, workspace: workspace) },
            action: try query.choice("action", AuditAction.self))
        filter.from = try query.time("from")
        filter.to = try query.time("to")
        filter.before = try query.number("before", 0...Int64.max)
        return AuditPages.Wish(
            filter: filter, actor: query.text("actor"), outcome: try query.choice("outcome", AuditOutcome.self),
            limit: Int(try query.number("limit", 1...Self.pageLimit) ?? 100))
    }

    private func contact(_ query: StrictQuery) throws(Problem) -> Contact? {
        guard let text = query.text("contact") else { return nil }
        do { return try Contact(text) } catch {
            throw .invalidParameter("contact", "must be a phone number or an e-mail address.")
        }
    }

    /// Whom a contact is of, as the log knows them. Throws `PasscodeError`.
    func person(_ contact: Contact, workspace: String) throws -> AuditPerson {
        AuditPerson(contactDigest: try rooms.enclave.person(contact.address, workspace: workspace).digest)
    }

    private static func text(_ opened: OpenedEntry) -> JSONObjectText {
        let entry = opened.entry
        var text = JSONObjectText(capacity: 512)
        text.add("action", entry.action)
        text.add("actor", entry.actor)
        text.add("agent", entry.agent.isEmpty ? nil : entry.agent)
        text.add("detail", entry.detail.isEmpty ? nil : entry.detail)
        text.add("outcome", entry.outcome)
        switch opened.personal {
        case .none: break
        case .erased: text.add("personal", "erased")
        case .unreadable: text.add("personal", "unreadable")
        case .known(let part): text.add("personal", Self.text(part))
        }
        text.add("record", entry.record)
        text.add("request", entry.request.isEmpty ? nil : entry.request)
        text.add("sequence", Int(entry.sequence))
        text.add("time", WireTime.exactText(entry.time))
        return text
    }

    private static func text(_ part: PersonalPart) -> JSONObjectText {
        var text = JSONObjectText()
        text.add("address", part.address)
        text.add("contact", part.contact)
        text.add("user_agent", part.userAgent)
        return text
    }
}
