import HTTPServer
import Permissions

extension ApprovalRoutes {
    /// `POST /approve/:id/decision`: what the approver decides about the text that the page showed.
    func decide(_ form: ApprovalForm, _ visit: ApprovalVisit) async throws -> Response {
        guard let person = visit.person else { return answer(pages(visit).address(.timeIsOver), to: visit) }
        let limits = try [NarrowableLimit].all(of: visit.permission)
        let typed: DecisionForm
        do {
            typed = try DecisionForm(form, offering: limits, asksForNumber: visit.permission.matchNumber != nil)
        } catch  where !visit.isOpen {
            // A decided request offers other limits than the page that was open before.
            return answer(pages(visit).outcome(for: person, Notice(.alreadyDecided())), to: visit)
        }
        let approver = ApproverCaller(
            workspace: visit.workspace, role: .approver, person: person.approver.id, channel: .page,
            origin: visit.origin)
        do throws(PermissionError) {
            let decided = try await rooms.permissions.requests.decide(
                visit.permission.id, typed.decision(lowering: limits), by: approver)
            return answer(pages(visit.after(decided)).outcome(for: person), to: visit)
        } catch {
            return try await again(after: error, typed, person, visit)
        }
    }

    /// The page after a decision that did not count: the request as it stands now, and why.
    private func again(
        after error: PermissionError, _ typed: DecisionForm, _ person: ApprovalVisit.Person, _ visit: ApprovalVisit
    ) async throws -> Response {
        if error.code == .unavailable { throw error }
        let visit = visit.after(try await rooms.permissions.requests.prompt(visit.permission.id))
        guard visit.isOpen else { return answer(pages(visit).outcome(for: person, Notice(error)), to: visit) }
        let page = pages(visit).statement(
            to: person, offering: try .all(of: visit.permission), typed: typed, Notice(error))
        return answer(page, to: visit)
    }
}

extension Notice {
    fileprivate static let timeIsOver = Notice(
        .forbidden, "Nothing was decided: the page no longer knows you. Prove again who you are, then decide.")
}
