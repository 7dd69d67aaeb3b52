import HTTPServer

/// `GET /health/live`, `/health/ready` and `/health`, for whoever watches or balances: no key is needed.
struct HealthRoutes: Sendable {
    let rooms: Rooms

    func register(in router: inout Router) throws {
        // That it answers is all that it says: whoever restarts what is not alive must not do so for a full disk.
        try router.on(.GET, "/health/live") { _ in try Self.answer(Description(status: "ok"), isWell: true) }
        for path in ["/health", "/health/ready"] {
            try router.on(.GET, path) { _ in
                let health = await rooms.health()
                return try Self.answer(Description(health), isWell: health.isReady)
            }
        }
    }

    private struct Description: Encodable {
        var status: String
        var checks: [String: String]?

        init(status: String) { self.status = status }

        init(_ health: Health) {
            status = health.state.rawValue
            checks = Dictionary(uniqueKeysWithValues: health.checks.map { ($0.check.rawValue, $0.state.rawValue) })
        }
    }

    private static func answer(_ description: Description, isWell: Bool) throws -> Response {
        var response = try Response.json(description, headers: ["Cache-Control": "no-store"])
        if !isWell {
            response.status = .serviceUnavailable
            response.headers["Retry-After"] = "5"
        }
        return response
    }
}
