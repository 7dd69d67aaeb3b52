import JOSE
import Permissions

/// What an approver entered: kept as it was typed, so that a page that asks again shows it again.
struct DecisionForm: Sendable, Equatable {
    enum Choice: String, Sendable {
        case approve, deny
    }

    var choice = Choice.deny
    var reason = ""
    var number = ""
    /// The digest of the statement that the page showed.
    var digest = ""
    /// Typed values by the limits' names; empty for a page that was not filled in yet.
    var limits: [String: String] = [:]

    init() {}

    /// Throws `malformed` for a form that is none of a page about this request.
    init(_ form: ApprovalForm, offering offered: [NarrowableLimit], asksForNumber: Bool) throws(FormRefusal) {
        var known: Set = ["decision", "reason", "statement"]
        if asksForNumber { known.insert("number") }
        guard form.names == known.union(offered.map(\.field)),
            let choice = Choice(rawValue: try form.text("decision", atMost: 16))
        else { throw .malformed }
        self.choice = choice
        reason = try form.text("reason", atMost: PermissionDecision.reasonLimit)
        digest = try form.text("statement", atMost: 64)
        if asksForNumber { number = try form.text("number", atMost: 16) }
        for limit in offered { limits[limit.name] = try form.text(limit.field, atMost: 32) }
    }

    /// Throws `invalidFields` for a limit that is no number.
    func decision(lowering offered: [NarrowableLimit]) throws(PermissionError) -> PermissionDecision {
        PermissionDecision(
            approved: choice == .approve, reason: reason.isEmpty ? nil : reason,
            scopeModifications: choice == .approve ? try modifications(of: offered) : nil,
            number: number.isEmpty ? nil : number, statementDigest: digest)
    }

    /// Nil where nothing was changed.
    private func modifications(of offered: [NarrowableLimit]) throws(PermissionError) -> JSONValue? {
        var members: [JSONValue.Member] = []
        for limit in offered {
            guard let typed = limits[limit.name], typed != limit.text else { continue }
            guard let value = try? JSONValue(parsing: Array(typed.utf8), isExact: true), value.double != nil else {
                throw .invalidField(limit.name, "must be a number such as \(limit.text)")
            }
            members.append(.init(name: limit.name, value: value))
        }
        return members.isEmpty ? nil : .object(members)
    }
}
