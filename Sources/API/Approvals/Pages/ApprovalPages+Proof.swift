import EnclaveLink
import Permissions

/// Who sits there? Nothing of the request is shown before that is known.
extension ApprovalPages {
    /// Asks for an address.
    func address(_ notice: Notice? = nil) -> ApprovalPage {
        page(
            "Who are you?", notice,
            """
            <p>An agent asks for permission. Only its approvers see what it asks for. Enter your e-mail address: if it is an
            approver's, a code is sent to it.</p>
            \(form(
                to: "address",
                """
                <label for="address">Your e-mail address</label>
                <input id="address" name="address" type="email" inputmode="email" autocomplete="email" maxlength="254" \
                autocapitalize="none" spellcheck="false" required>
                <button>Send me a code</button>
                """))
            """)
    }

    /// Asks for the code. The same whether or not one was sent.
    func code(_ notice: Notice? = nil) -> ApprovalPage {
        let alphabet = visit.workspace.settings.sealedCodeAlphabet
        return page(
            "Enter your code", notice,
            """
            <p>If the address is an approver's, a code is on its way to it. Enter it in this browser.</p>
            \(form(
                to: "code",
                """
                <label for="code">Code from the message</label>
                <input id="code" name="code" type="text" inputmode="\(alphabet == .digits ? "numeric" : "text")" \
                autocomplete="one-time-code" maxlength="\(Self.codeLimit)" autocapitalize="characters" spellcheck="false" \
                autofocus required>
                <button>Continue</button>
                """))
            <p>Nothing came after a minute? Look among unwanted mail, or ask again.</p>
            \(link("Ask for another code", query: "?address"))
            """)
    }

    /// Characters of a code with all that people put between them.
    static let codeLimit = 32

    /// The first page for a browser that comes from another site. It does not show its cookies to us on its way from
    /// there, those of somebody who is already known included; from this page on it does.
    var arrival: ApprovalPage {
        var page = page("One moment", nil, link("Continue", query: "?here"))
        page.head = "<meta http-equiv=\"refresh\" content=\"0; url=\(here)?here\">"
        return page
    }
}
