import HTTPServer

/// `GET /.well-known/security.txt`, where somebody to report weaknesses to is configured and what it says still holds.
struct SecurityContactRoutes: Sendable {
    let rooms: Rooms

    func register(in router: inout Router) throws {
        try router.on(.GET, "/.well-known/security.txt") { _ in
            guard let contact = rooms.securityContact else {
                return Problem(.notFound, "not_found", "Nobody is named to report weaknesses to.").response
            }
            guard !contact.isExpired(now: rooms.clock.now()) else {
                return Problem(
                    .notFound, "not_found",
                    "Whom to report weaknesses to has expired: ask the operator, who sets security_txt anew."
                ).response
            }
            return Response(
                status: .ok,
                headers: ["Content-Type": "text/plain; charset=utf-8", "Cache-Control": "public, max-age=3600"],
                body: .bytes(Array(contact.text.utf8)))
        }
    }
}
