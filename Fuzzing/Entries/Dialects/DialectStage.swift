import API
import Fixtures
import Foundation
import HTTPServer
import NIOCore
import Encodings
import JOSE
import Permissions
import Synchronization
import Workspaces

/// A server with somebody of each kind, used for some thousand requests.
final class DialectStage: Sendable {
    /// Who asks.
    enum Caller: String {
        case nobody, test, live, `operator`, agent, visitor, stamp
    }

    private static let life = 20_000
    private static let stage = Mutex<(stage: DialectStage, asked: Int)?>(nil)

    /// The stage of this moment, or a fresh one.
    static func current() async throws -> DialectStage {
        let kept = stage.withLock { kept -> DialectStage? in
            guard let (stage, asked) = kept, asked < life else { return nil }
            kept = (stage, asked + 1)
            return stage
        }
        if let kept { return kept }
        let fresh = try await DialectStage()
        stage.withLock { $0 = (fresh, 0) }
        return fresh
    }

    private let server: TestServer
    private let router: Router
    private let party: SealedClient
    private let agentKey: String

    private init() async throws {
        server = try await TestServer { settings in
            settings.cooldownSeconds = 0
            settings.recipientLimit = 0
        }
        router = try Application.router(server.rooms)
        party = try SealedClient()
        let (workspace, keys) = (server.workspace.id, server.installation.keys)
        _ = try await keys.register(stamp: party.key, workspace: workspace, name: "back end", origin: .system)
        agentKey = try await server.permissions.agents.create(
            AgentProfile(name: "Robot", rateLimit: 1_000_000), workspace: workspace, mode: .live, origin: .system
        ).key.secret.text
    }

    func answer(_ wish: WrittenRequest, from caller: Caller) async -> Response {
        // Limits of a minute or an hour must not be what all answers are about.
        server.installation.time.advance(seconds: 1)
        var fields = wish.fields
        let body = wish.body
            .replacingOccurrences(
                of: "{{organization}}", with: WorkspaceUUID.organization.text(for: server.workspace.id)
            )
            .replacingOccurrences(of: "{{now}}", with: "\(server.installation.time.now.unixMilliseconds)")
        present(caller, for: body, in: &fields)
        return await router.answer(
            Request(
                method: wish.method, target: wish.target, headers: fields, body: ByteBuffer(string: body),
                peer: .address(ip: "192.0.2.1", port: 1)))
    }

    private func present(_ caller: Caller, for body: String, in fields: inout HeaderFields) {
        switch caller {
        case .nobody: break
        case .test: fields["Authorization"] = "Bearer \(server.test)"
        case .live: fields["Authorization"] = "Bearer \(server.live)"
        case .operator: fields["Authorization"] = "Bearer \(server.operatorKey)"
        case .agent: fields["Authorization"] = "Bearer \(agentKey)"
        case .visitor:
            fields["X-Auth-Proxy-Config-ID"] = WorkspaceUUID.authProxyConfiguration.text(for: server.workspace.id)
        case .stamp: fields["X-Stamp"] = try? stamp(body)
        }
    }

    private func stamp(_ body: String) throws -> String {
        let signature = Hexadecimal.encode(try party.sign(body, as: .der).signature)
        let stamp = """
            {"publicKey":"\(party.key.compressedHexadecimal)","scheme":"SIGNATURE_SCHEME_TK_API_P256",\
            "signature":"\(signature)"}
            """
        return Base64URL.encode(Array(stamp.utf8))
    }
}
