import EnclaveLink
import Encodings
import Fixtures
import HTTPServer
import JOSE
import SealedPasscodes
import Testing
import Workspaces

/// Somebody who speaks the Turnkey dialect over the wire, and the keys that they hold.
struct TurnkeyParty {
    let server: TestServer
    /// The key that tokens are bound to.
    var client: SealedClient
    /// The key that stamps activities; nil for a visitor of the auth proxy.
    var stamper: SealedClient?
    /// What a request says beside its own headers.
    var headers: [(String, String)] = []
    var peer = Peer.address(ip: "192.0.2.1", port: 1)

    static func backEnd(_ server: TestServer, of workspace: Workspace? = nil) async throws -> Self {
        let stamper = try SealedClient()
        _ = try await server.installation.keys.register(
            stamp: stamper.key, workspace: (workspace ?? server.workspace).id, name: "back end", origin: .system)
        return TurnkeyParty(server: server, client: try SealedClient(), stamper: stamper)
    }

    /// An app, or with an origin a page.
    static func visitor(_ server: TestServer, page: String? = nil) throws -> Self {
        let configuration = WorkspaceUUID.authProxyConfiguration.text(for: server.workspace.id)
        var headers = [("X-Auth-Proxy-Config-ID", configuration)]
        if let page { headers.append(("Origin", page)) }
        return TurnkeyParty(server: server, client: try SealedClient(), stamper: nil, headers: headers)
    }

    var organization: String { WorkspaceUUID.organization.text(for: server.workspace.id) }
    var now: Int64 { server.installation.time.now.unixMilliseconds }

    /// A key as the dialect writes it.
    func hexadecimal(_ client: SealedClient) -> String { client.key.compressedHexadecimal }
}

extension TestServer.Answer {
    /// `turnkeyErrorCode`, which stands at two places.
    var turnkeyError: String? {
        let detail = json?["details"]?.elements?.first
        let name = text("turnkeyErrorCode")
        return detail?["turnkeyErrorCode"]?.text == name ? name : nil
    }

    var attemptsRemaining: Int? {
        json?["details"]?.elements?.first?["attemptsRemaining"]?.double.map { Int($0) }
    }
}
