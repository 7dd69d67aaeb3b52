import HTTPServer
import Passcodes
import Workspaces

/// `/demonstration/`: the files of a folder, and what their page has to know of this server.
struct DemonstrationRoutes: Sendable {
    let rooms: Rooms
    let folder: StaticFolder

    private static let types = [
        ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ]
    /// The page runs its own files and talks to its own server, and to nobody else.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    func register(in router: inout Router) throws {
        try router.on(.GET, "/demonstration") { _ in
            Response(status: .permanentRedirect, headers: ["Location": "/demonstration/"])
        }
        try router.on(.GET, "/demonstration/") { _ in await answer(StaticFolder.index) }
        try router.on(.GET, "/demonstration/configuration.json") { _ in try await configuration() }
        try router.on(.GET, "/demonstration/:file") { await answer($0.parameter("file")) }
    }

    private func answer(_ name: String) async -> Response {
        guard let dot = name.lastIndex(of: "."), let type = Self.types[String(name[dot...])],
            let bytes = await read(name)
        else { return Self.missing.response }
        return Response(
            status: .ok,
            headers: ["Content-Type": type, "Content-Security-Policy": Self.policy, "Cache-Control": "no-store"],
            body: .bytes(bytes))
    }

    /// Away from the connection's event loop, which must not wait for the disk.
    private func read(_ name: String) async -> [UInt8]? {
        let folder = folder
        return await Task.detached { folder.read(name) }.value
    }

    private static let missing = Problem(.notFound, "not_found", "The demonstration has no such file.")

    private struct Configuration: Encodable {
        /// The workspace, as `X-Countersign-Config` names it.
        var config: String
        /// The keys that the page pins: uncompressed points in hexadecimal.
        var signerKey: String
        var notaryKey: String

        enum CodingKeys: String, CodingKey {
            case config
            case signerKey = "signer_key"
            case notaryKey = "notary_key"
        }
    }

    private func configuration() async throws -> Response {
        guard let workspaces = try? await rooms.directory.all() else { return Problem.unavailable.response }
        guard workspaces.count == 1, let workspace = workspaces.first else { return Self.ambiguous.response }
        let mode = workspace.sealedMode
        return try Response.json(
            Configuration(
                config: WorkspaceUUID.authProxyConfiguration.text(for: workspace.id),
                signerKey: rooms.signingKeys.pinned(.enclave(mode))?.current ?? "",
                notaryKey: rooms.signingKeys.pinned(.notary(mode))?.current ?? ""))
    }

    private static let ambiguous = Problem(
        .conflict, "several_workspaces", "The demonstration is for a server with one workspace.")
}
