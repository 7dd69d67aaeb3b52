import AuditLog
import EnclaveLink
import HTTPServer
import TransparencyLog

extension AuditLogRoutes {
    /// `GET /v1/log/export?format=jsonl`: the log from its oldest entry, or a period of it, as a file whose last line is
    /// its manifest. An answer without that line is not whole.
    @Sendable func export(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let query = try StrictQuery(request, "format", "from", "to")
        let format = try query.choice("format", ExportStatement.Format.self) ?? .jsonl
        let period = AuditExports.Period(from: try query.time("from"), to: try query.time("to"))
        let export = try await rooms.auditLog.exports.begin(
            format, period, workspace: identity.workspace.id, origin: identity.origin)
        return Response(
            status: .ok,
            headers: [
                "Content-Type": format.contentType,
                "Content-Disposition": "attachment; filename=\"audit-log.\(format.rawValue)\"",
            ],
            body: .stream { writer in
                try await export.write(
                    signing: { try await rooms.enclave.call(SignStatement($0)).note },
                    to: { try await writer.write($0) })
            })
    }
}

extension ExportStatement.Format {
    fileprivate var contentType: String {
        switch self {
        case .jsonl: "application/x-ndjson"
        case .csv: "text/csv; charset=utf-8; header=present"
        }
    }
}
