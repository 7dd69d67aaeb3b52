import HTTPServer
import Permissions
import Workspaces

/// The pages about one request, for one visit.
struct ApprovalPages: Sendable {
    /// The path under which all pages are.
    let folder: String
    let visit: ApprovalVisit

    /// The path of this request's page.
    var here: String { "\(folder)/\(visit.permission.id)" }

    /// A form that goes to one of the page's steps, with its token.
    func form(to step: String, _ content: HTML) -> HTML {
        """
        <form method="post" action="\(here)/\(step)" autocomplete="off">
        <input type="hidden" name="\(ApprovalForm.token)" value="\(visit.formToken)">
        \(content)
        </form>
        """
    }

    /// A link that loads this page anew.
    func link(_ text: String, query: String = "") -> HTML { "<p><a href=\"\(here)\(query)\">\(text)</a></p>" }

    func page(_ title: String, _ notice: Notice? = nil, _ content: HTML) -> ApprovalPage {
        ApprovalPage(
            status: notice?.status ?? .ok, title: title, content: "\(notice?.html)\(content)",
            retryAfter: notice?.retryAfter ?? 0)
    }
}
