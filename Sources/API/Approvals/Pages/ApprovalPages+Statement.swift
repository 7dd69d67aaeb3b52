import Permissions

/// What is asked for, and the decision.
extension ApprovalPages {
    /// - Parameter typed: what the approver entered before and is to correct.
    func statement(
        to person: ApprovalVisit.Person, offering limits: [NarrowableLimit], typed: DecisionForm = DecisionForm(),
        _ notice: Notice? = nil
    ) -> ApprovalPage {
        page(
            "Allow this?", notice,
            """
            \(shownStatement)
            \(twoPeople)
            \(form(
                to: "decision",
                """
                <input type="hidden" name="statement" value="\(visit.permission.statement?.digest ?? "")">
                \(narrowing(limits, typed))
                \(numberField)
                <label for="reason">Reason (the agent reads it)</label>
                <input id="reason" name="reason" type="text" maxlength="\(PermissionDecision.reasonLimit)" \
                value="\(typed.reason)">
                <div class="choice">
                <button name="decision" value="deny" class="deny" formnovalidate>Deny</button>
                <button name="decision" value="approve" class="approve">Approve</button>
                </div>
                """))
            \(whoDecides(person))
            """)
    }

    /// The text that the decision is about, line by line, so that a long line cannot pass for several.
    var shownStatement: HTML {
        guard let statement = visit.permission.statement else { return "" }
        let lines = statement.text.split(separator: "\n").map { line -> HTML in "<li>\(String(line))</li>\n" }
        return """
            <ul class="statement">
            \(lines)</ul>
            <p class="small">Digest of this text: <code>\(statement.digest)</code></p>
            """
    }

    /// Who is taken to sit there, and a way out.
    func whoDecides(_ person: ApprovalVisit.Person) -> HTML {
        form(
            to: "leave",
            """
            <p class="small">You are \(person.approver.name) (\(person.approver.address.text)).</p>
            <button class="plain">Not you, or done? Leave</button>
            """)
    }

    private var twoPeople: HTML? {
        visit.permission.approvalsNeeded > 1 ? "<p>This needs the approval of two people.</p>" : nil
    }

    private func narrowing(_ limits: [NarrowableLimit], _ typed: DecisionForm) -> HTML? {
        guard !limits.isEmpty else { return nil }
        let fields = limits.enumerated().map { position, limit -> HTML in
            """
            <label for="limit\(position)">\(limit.name)</label>
            <input id="limit\(position)" name="\(limit.field)" type="text" inputmode="decimal" maxlength="32" \
            value="\(typed.limits[limit.name] ?? limit.text)" required>

            """
        }
        return """
            <fieldset>
            <legend>At most (you may lower it)</legend>
            \(fields)</fieldset>
            """
    }

    private var numberField: HTML? {
        guard visit.permission.matchNumber != nil else { return nil }
        return """
            <label for="number">Number that the asking side shows</label>
            <input id="number" name="number" type="text" inputmode="numeric" maxlength="16" required>
            """
    }
}
