import HTTPServer
import Permissions

extension ApprovalRoutes {
    /// `GET /approve/:id`: the step that the browser is at. Changes nothing.
    func show(_ request: Request, _ visit: ApprovalVisit) async throws -> Response {
        let pages = pages(visit)
        let wishes = request.query.names
        guard let person = visit.person else {
            let isFromElsewhere = request.headers["Sec-Fetch-Site"] == "cross-site"
            // Set a cookie now and the browser would lose those that it did not show.
            if isFromElsewhere, !wishes.contains("here") { return pages.arrival.response(folder: folder) }
            guard visit.isOpen else { return pages.closed.response(folder: folder) }
            let waits = visit.challenge != nil && !wishes.contains("address")
            return answer(waits ? pages.code() : pages.address(), to: visit)
        }
        guard visit.isOpen else { return answer(pages.outcome(for: person), to: visit) }
        return answer(pages.statement(to: person, offering: try .all(of: visit.permission)), to: visit)
    }
}
