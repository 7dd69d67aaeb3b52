import Fixtures
import HTTPServer
import Passcodes
import Testing
import Workspaces

@Suite("Operator's API: the installation's own log")
struct InstallationLogTests {
    private let server: TestServer
    private let own = [("X-Countersign-Workspace", "-")]

    init() async throws {
        server = try await TestServer()
        try await server.installation.signingKeys.rotate(
            SigningKeys.rotatingByThemselves, force: true, enclave: server.installation.enclave, origin: .system)
    }

    private func entries(key: String? = nil, peer: Peer) async -> TestServer.Answer {
        await server.call(.GET, "/v1/log/entries", key: key, headers: own, peer: peer)
    }

    @Test("who administers the machine reads it over the Unix socket")
    func read() async throws {
        let local = Peer.local(user: 0)
        let answer = await entries(peer: local)
        #expect(answer.status == 200 && answer.text.contains("signing_key."), "\(answer.text)")
        #expect(!answer.text.contains(server.workspace.id))
        for path in ["checkpoint", "key", "proof?sequence=1", "tile/0/000"] {
            let unsigned = await server.call(.GET, "/v1/log/" + path, headers: own, peer: local)
            // Nothing is signed in this server: the log was found, and a checkpoint of it was not.
            #expect(unsigned.status == 404 && unsigned.text("detail")?.contains("workspace") == false, "\(path)")
        }
    }

    @Test("nobody else does: no stranger, and no workspace's key, which reads its own log")
    func refused() async throws {
        let network = Peer.address(ip: "127.0.0.1", port: 1)
        for path in ["entries", "checkpoint", "key", "proof?sequence=1", "tile/0/000"] {
            #expect(await server.call(.GET, "/v1/log/" + path, headers: own, peer: network).status == 401, "\(path)")
        }
        for peer in [network, .local(user: 0)] {
            let answer = await entries(key: server.operatorKey, peer: peer)
            #expect(answer.status == 200 && !answer.text.contains("signing_key."), "\(answer.text)")
        }
    }

    @Test("it is read, not exported, and nobody is erased from it")
    func readOnly() async throws {
        let local = Peer.local(user: 0)
        #expect(await server.call(.GET, "/v1/log/export", headers: own, peer: local).status == 404)
        let erasure = await server.call(
            .POST, "/v1/log/erasures", headers: own, body: #"{"contact":"a@example.com"}"#, peer: local)
        #expect(erasure.status == 404)
    }
}
