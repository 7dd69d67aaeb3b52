import AuditLog
import HTTPServer
import Passcodes
import TransparencyLog
import Workspaces

/// The audit logs as C2SP tiles (c2sp.org/tlog-tiles), for operators and, where a workspace says so, for everybody; proofs
/// and erasure for operators.
struct AuditLogRoutes: Sendable {
    private static let prefix = "/v1/log"
    /// Segments of the longest path below `tile/`: a level, four groups of digits for a number, a width.
    private static let deepest = 6

    let rooms: Rooms

    func register(in router: inout Router) throws {
        try router.on(.GET, Self.prefix + "/checkpoint") { request in
            try await answering(request) { try await checkpoint(rooms.auditLog.reader.log(of: $0).checkpoint) }
        }
        try router.on(.GET, Self.prefix + "/cosigned") { request in
            try await answering(request) { try await checkpoint(rooms.auditLog.reader.cosignedCheckpoint(of: $0)) }
        }
        for depth in 2...Self.deepest {
            let segments = (1...depth).map { "/:segment\($0)" }.joined()
            try router.on(.GET, Self.prefix + "/tile" + segments) { request in
                let path = "tile" + (1...depth).map { "/" + request.parameter("segment\($0)") }.joined()
                return try await answering(request) { try await readTile(path, of: $0) }
            }
        }
        let operators = OperatorRoutes(rooms: rooms)
        let readings: [(String, @Sendable (Request, String) async throws -> Response)] = [
            ("entries", listEntries), ("key", showKey), ("proof", prove),
        ]
        for (name, read) in readings {
            try router.on(.GET, Self.prefix + "/" + name) { request in
                try await operators.refusing(request) { try await read(request, operatorsLog(request)) }
            }
        }
        try operators.on(.GET, "/v1/log/export", in: &router, export)
        try operators.on(.GET, "/v1/log/state", in: &router, showState)
        try operators.on(.POST, "/v1/log/erasures", in: &router, erase)
    }

    private func answering(
        _ request: Request, _ read: @Sendable (String) async throws -> Response
    ) async throws -> Response {
        do {
            return try await read(try await readableLog(request))
        } catch {
            guard let (problem, reason) = Problem.translating(error) else { throw error }
            rooms.logRefusal(of: request, code: problem.code, reason: reason)
            return problem.response
        }
    }

    /// The log that is asked for, by its workspace. Throws `keyMissing` without a key, unless the log is public.
    private func readableLog(_ request: Request) async throws -> String {
        if request.presentedKey == nil, case .address = request.peer {
            guard let workspace = try? await rooms.workspace(namedBy: request), workspace.settings.publicLog else {
                throw WorkspaceError.keyMissing()
            }
            return workspace.id
        }
        if isForInstallation(request) { return AuditEntry.instance }
        return try await rooms.identifyOperator(request).workspace.id
    }

    /// The log that an operator asks for, by its workspace. Throws as `identifyOperator` does.
    private func operatorsLog(_ request: Request) async throws -> String {
        if isForInstallation(request) { return AuditEntry.instance }
        return try await rooms.identifyOperator(request).workspace.id
    }

    /// Whether somebody on this machine asks for the installation's own log, which no key is for.
    private func isForInstallation(_ request: Request) -> Bool {
        guard case .local = request.peer, request.presentedKey == nil else { return false }
        return request.headers["X-Countersign-Workspace"] == AuditEntry.instance
    }

    private func checkpoint(_ note: String) -> Response {
        Response(
            status: .ok,
            headers: ["Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-cache"],
            body: .bytes(Array(note.utf8)))
    }

    private func readTile(_ text: String, of workspace: String) async throws -> Response {
        guard let path = try? TilePath(parsing: text) else { throw LogReadingError(.notFound) }
        let bytes = try await rooms.auditLog.reader.tile(path, of: workspace)
        return Response(
            status: .ok,
            headers: [
                "Content-Type": "application/octet-stream", "Cache-Control": "max-age=31536000, immutable",
            ], body: .bytes(bytes))
    }
}
