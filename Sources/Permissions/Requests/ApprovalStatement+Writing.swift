import FoundationEssentials
import JOSE

extension ApprovalStatement {
    /// Characters shown of one value, and members of one object.
    private static let valueLimit = 200
    private static let memberLimit = 30

    /// - Parameters:
    ///   - reason: why people are asked, in the server's words.
    ///   - end: Unix milliseconds.
    init(_ draft: PermissionDraft, reason: String, until end: Int64) {
        let agent = draft.caller.agent
        var lines = [
            "Agent \(Self.quoted(agent.profile.name)) (\(agent.id)) asks for permission until \(Self.time(end)).",
            reason, "What follows is the agent's claim:", "action: \(draft.wish.action)",
        ]
        if let resource = draft.wish.resource { lines.append("resource: \(Self.quoted(resource))") }
        lines += Self.lines("scope", draft.facts.scope.value)
        lines += Self.lines("context", draft.wish.context)
        self.init(text: lines.joined(separator: "\n"))
    }

    private static func lines(_ name: String, _ value: JSONValue) -> [String] {
        let members = value.members ?? []
        let shown = members.prefix(memberLimit).map { member in
            "\(name) \(quoted(member.name)): \(oneLine(member.value))"
        }
        let hidden = members.count - shown.count
        return hidden > 0 ? shown + ["\(name): \(hidden) more that are not shown"] : shown
    }

    /// A text of somebody else's in quotes.
    private static func quoted(_ text: String) -> String { oneLine(.string(text)) }

    /// A value as JSON on one line, with nothing in it that moves or hides other text.
    private static func oneLine(_ value: JSONValue) -> String {
        let scalars = value.description.unicodeScalars
        let shown = scalars.prefix(valueLimit).map { scalar in
            VisibleText.isPlain(scalar) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }
        let hidden = scalars.count - shown.count
        return shown.joined() + (hidden > 0 ? "… (\(hidden) more characters)" : "")
    }

    private static func time(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
    }
}
