import AuditLog
import Permissions

/// How it ended, and what to do next.
extension ApprovalPages {
    /// The page after a decision, and of a request that is no longer open, for somebody who may know.
    func outcome(for person: ApprovalVisit.Person, _ notice: Notice? = nil) -> ApprovalPage {
        let (title, text) = ending
        return page(
            title, notice,
            """
            <p>\(text)</p>
            \(decision(seenBy: person))
            \(shownStatement)
            \(whoDecides(person))
            """)
    }

    /// The page of a request that is no longer open, for anybody: it does not say how it ended.
    var closed: ApprovalPage {
        page(
            "Nothing to decide", nil,
            """
            <p>This request was decided, or its time was over. There is nothing left to do here.</p>
            <p>If the agent still needs it, it has to ask again, which makes a new page.</p>
            """)
    }

    /// Title and text of how the request stands.
    private var ending: (String, String) {
        switch visit.permission.status {
        case .pending:
            (
                "One approval is missing",
                "Your approval counts. Another approver has to approve too: send them this page's address. Until then the "
                    + "agent waits."
            )
        case .approved:
            ("Approved", "The agent may do this now, within what was granted. You can close this page.")
        case .denied: ("Denied", "The agent was told no, and the reason. You can close this page.")
        case .expired:
            ("Too late", "The time of this request is over, and that means no. The agent has to ask again.")
        case .used: ("Done", "This was approved, and the agent used it up.")
        case .revoked: ("Revoked", "This was taken back. The agent has to ask again.")
        }
    }

    private func decision(seenBy person: ApprovalVisit.Person) -> HTML? {
        guard let decision = visit.permission.decision else { return nil }
        let own = Principal.approver(person.approver.id).description
        let names = decision.by.map { $0 == own ? "you" : $0 }
        let reason: HTML? = visit.permission.reason.map { "<p>Reason: “\($0)”</p>" }
        return """
            <p>\(decision.approved ? "Approved" : "Denied") by \(names.joined(separator: ", ")) \
            at \(WireTime.text(decision.at)).</p>
            \(reason)
            """
    }
}
