import FoundationEssentials
import JOSE
import Policies

extension ApprovalStatement {
    /// What a person can be asked to read of what an approval grants: names, characters of one, and characters in all.
    private static let mostNames = 100
    private static let longestGrant = 2_000
    private static let longestGrants = 10_000
    /// The context grants nothing: characters shown of one value or name, and members of the object.
    private static let longestClaim = 200
    private static let mostClaims = 30

    /// - Parameters:
    ///   - verdict: why people are asked, in the server's words, and the most that an approval grants.
    ///   - end: Unix milliseconds.
    /// - Throws: `invalidFields` for a scope that is too large to be shown whole: what nobody sees nobody can approve.
    init(_ draft: PermissionDraft, _ verdict: PolicyVerdict, until end: Int64) throws(PermissionError) {
        let agent = draft.caller.agent
        let isWhole = verdict.scope == draft.facts.scope
        var lines = [
            "Agent \(Self.quoted(agent.profile.name)) (\(agent.id)) asks for permission until \(Self.time(end)).",
            verdict.reason,
            isWhole
                ? "What follows is the agent's claim:"
                : "What follows is the agent's claim, with the scope that the policy leaves of it:",
            "action: \(draft.wish.action)",
        ]
        if let resource = draft.wish.resource { lines.append("resource: \(Self.quoted(resource))") }
        lines += try Self.grants(verdict.scope)
        lines += Self.claims(draft.wish.context)
        self.init(text: lines.joined(separator: "\n"))
    }

    /// A line for each entry of the scope, none of them cut.
    private static func grants(_ scope: Scope) throws(PermissionError) -> [String] {
        let lines = scope.constraintsFirst.map { "scope \(quoted($0.name)): \(oneLine($0.value))" }
        let lengths = lines.map(\.unicodeScalars.count)
        guard lines.count <= mostNames, lengths.allSatisfy({ $0 <= longestGrant }),
            lengths.reduce(0, +) <= longestGrants
        else {
            throw .invalidField(
                "scope",
                "is too large to be shown to the person who has to decide: at most \(mostNames) names of "
                    + "\(longestGrant) characters each with their values, and \(longestGrants) in all")
        }
        return lines
    }

    /// A line for each member of the context that is shown. What is cut says so.
    private static func claims(_ context: JSONValue) -> [String] {
        let members = context.members ?? []
        let shown = members.prefix(mostClaims).map { member in
            "context \(cut(quoted(member.name))): \(cut(oneLine(member.value)))"
        }
        let hidden = members.count - shown.count
        return hidden > 0 ? shown + ["context: \(hidden) more that are not shown"] : shown
    }

    /// A text of somebody else's in quotes.
    private static func quoted(_ text: String) -> String { oneLine(.string(text)) }

    /// A value as JSON on one line, with nothing in it that moves or hides other text.
    private static func oneLine(_ value: JSONValue) -> String {
        value.description.unicodeScalars.map { scalar in
            VisibleText.isPlain(scalar) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }.joined()
    }

    private static func cut(_ line: String) -> String {
        let hidden = line.unicodeScalars.count - longestClaim
        return hidden > 0 ? String(line.unicodeScalars.prefix(longestClaim)) + "… (\(hidden) more characters)" : line
    }

    private static func time(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
    }
}
