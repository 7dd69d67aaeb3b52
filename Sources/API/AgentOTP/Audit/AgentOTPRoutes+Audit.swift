import AuditLog
import Encodings
import HTTPServer
import Permissions

extension AgentOTPRoutes {
    func registerAudit(in router: inout Router) throws {
        try on(.GET, "/audit", in: &router) { try await list(Self.filter($0), $0, $1) }
        try on(.GET, "/audit/permissions/:id", in: &router) {
            var filter = try Self.filter($0)
            filter.record = $0.parameter("id")
            return try await list(filter, $0, $1)
        }
        try on(.GET, "/audit/agents/:id", in: &router) {
            var filter = try Self.filter($0)
            filter.agent = $0.parameter("id")
            return try await list(filter, $0, $1)
        }
        try on(.GET, "/audit/stats", in: &router, showCounts)
        try on(.GET, "/audit/export", in: &router, export)
    }

    private func list(_ filter: AuditFilter, _ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let workspace = try caller.operator().workspace.id
        let wish = try QueryReader(request).page()
        let page = try await reading { audit in
            Page(
                items: try await audit.entries(filter, workspace: workspace, offset: wish.offset, limit: wish.limit),
                total: try await audit.count(filter, workspace: workspace), wish: wish)
        }
        return Envelope.page(page) { Self.text($0) }
    }

    /// `GET /audit/stats`
    @Sendable private func showCounts(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let workspace = try caller.operator().workspace.id
        let filter = try Self.filter(request)
        let counts = try await reading { try await $0.counts(filter, workspace: workspace) }
        var types = JSONObjectText()
        for (action, count) in counts { types.add(named: action, json: String(count)) }
        var text = JSONObjectText()
        text.add("total", counts.reduce(0) { $0 + $1.count })
        text.add("byEventType", types)
        return Envelope.data(text)
    }

    /// `GET /audit/export`: every entry that matches, the newest first, one JSON object a line.
    @Sendable private func export(_ request: Request, _ caller: PermissionCaller) async throws -> Response {
        let identity = try caller.operator()
        let workspace = identity.workspace.id
        let start = try Self.filter(request)
        do {
            try await rooms.auditLog.exports.note("agent-otp", workspace: workspace, origin: identity.origin)
        } catch { throw PermissionError(error) }
        let headers: HeaderFields = [
            "Content-Type": "application/x-ndjson", "Content-Disposition": "attachment; filename=\"audit.ndjson\"",
        ]
        return Response(
            status: .ok, headers: headers,
            body: .stream { writer in
                var filter = start
                while true {
                    let entries = try await rooms.audit.entries(filter, workspace: workspace, offset: 0, limit: 500)
                    guard let last = entries.last else { return }
                    try await writer.write(entries.flatMap { Self.text($0).bytes + [UInt8(ascii: "\n")] })
                    filter.before = last.entry.sequence
                }
            })
    }

    private func reading<Value>(_ read: (AuditReader) async throws -> Value) async throws -> Value {
        do { return try await read(rooms.audit) } catch { throw PermissionError(error) }
    }

    /// Throws `invalidFields`.
    private static func filter(_ request: Request) throws(PermissionError) -> AuditFilter {
        let query = QueryReader(request)
        var filter = AuditFilter(
            agent: query.text("agentId"), record: query.text("permissionRequestId"),
            action: try query.choice("eventType", AuditAction.self))
        filter.from = try query.time("startDate")
        filter.to = try query.time("endDate")
        return filter
    }

    private static func text(_ opened: OpenedEntry) -> JSONObjectText {
        let (entry, person) = (opened.entry, opened.personal.part)
        var details = JSONObjectText()
        details.add("actor", entry.actor)
        details.add("outcome", entry.outcome)
        details.add("record", entry.record)
        details.add("request", entry.request)
        details.add("detail", entry.detail)
        if opened.personal == .erased { details.add("personal", "erased") }
        var text = JSONObjectText(capacity: 512)
        text.add("id", String(entry.sequence))
        text.add("agentId", json: entry.agent.isEmpty ? "null" : JSONText.quoted(entry.agent))
        let isPermission = entry.action.hasPrefix("permission.")
        text.add("permissionRequestId", json: isPermission ? JSONText.quoted(entry.record) : "null")
        text.add("eventType", entry.action)
        text.add("details", details)
        text.add("ipAddress", SocketNetwork.host(of: person?.address ?? ""))
        text.add("userAgent", person?.userAgent ?? "")
        text.add("createdAt", WireTime.exactText(entry.time))
        return text
    }
}
