import Fixtures
import HTTPServer
import Testing
import Workspaces

/// What a back end's key needs for each route that takes one.
private enum NeededAbility {
    static let bySecretKey: [String: KeyAbility] = [
        "POST /v1/challenges": .send, "POST /v1/challenges/:id/attempts": .verify, "POST /v1/sessions": .verify,
        "DELETE /v1/sessions/:id": .verify,
    ].merging(["/api/v1", "/v1"].flatMap(dialect)) { $1 }

    static let byStamp: [String: KeyAbility] = [
        "POST /public/v1/submit/init_otp": .send, "POST /public/v1/submit/verify_otp": .verify,
        "POST /public/v1/submit/otp_login": .verify, "POST /public/v1/submit/stamp_login": .verify,
        "POST /public/v1/query/get_activity": .read, "POST /public/v1/query/whoami": .read,
    ]

    private static func dialect(_ prefix: String) -> [(String, KeyAbility)] {
        [
            ("POST \(prefix)/send-otp", .send), ("POST \(prefix)/verify-otp", .verify),
            ("GET \(prefix)/passcodes/statistics", .read), ("GET \(prefix)/passcodes/:req_id", .read),
            ("POST \(prefix)/passcodes/:req_id/cancel", .send),
        ]
    }
}

@Suite("What keys may do, route by route")
struct RouteAbilityTests {
    let server: TestServer

    init() async throws {
        server = try await TestServer(demonstration: try PageFolder().demonstration())
    }

    private func key(without ability: KeyAbility?) async throws -> String {
        try await server.installation.keys.create(
            workspace: server.workspace.id, kind: .live, name: "",
            limits: KeyLimits(
                abilities: KeyAbility.allCases.filter { $0 != ability }.reduce(into: []) { $0.insert($1) }),
            origin: .system
        ).secret.text
    }

    private func call(_ route: String, key: String) async -> TestServer.Answer {
        let parts = route.split(separator: " ")
        let path = parts[1].split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(":") ? "x" : String($0) }.joined(separator: "/")
        return await server.call(HTTPMethod(rawValue: String(parts[0])), path, key: key, body: "{}")
    }

    @Test("a key without the ability is refused by each route that needs it, and by no other")
    func secretKeys() async throws {
        for lacking in KeyAbility.allCases {
            let key = try await key(without: lacking)
            for (route, needed) in NeededAbility.bySecretKey {
                let answer = await call(route, key: key)
                #expect((answer.status == 403) == (needed == lacking), "\(route) without \(lacking): \(answer.text)")
            }
        }
    }

    @Test("so it is with stamps")
    func stamps() async throws {
        for lacking in KeyAbility.allCases {
            let party = try await TurnkeyParty.backEnd(server)
            let hint = try #require(party.stamper.map { String(party.hexadecimal($0).suffix(8)) })
            let keys = try await server.installation.keys.list(workspace: server.workspace.id)
            let id = try #require(keys.first { $0.hint == hint }?.id)
            _ = try await server.installation.keys.update(id, workspace: server.workspace.id, origin: .system) {
                $0.abilities.remove(lacking)
            }
            for (route, needed) in NeededAbility.byStamp {
                let path = String(route.dropFirst("POST ".count))
                let answer = try await party.stamped(path, #"{"organizationId":"\#(party.organization)"}"#)
                #expect((answer.status == 403) == (needed == lacking), "\(route) without \(lacking): \(answer.text)")
            }
        }
    }

    /// Those that answer whoever asks, or know people by something else than a key of ours: a session, a signature, the
    /// public name of a workspace, the address of a page.
    private static let open: [String] = [
        "OPTIONS ", "GET /.well-known/", "GET /demonstration", "GET /api/v1/enclave", "GET /api/v1/health",
        "GET /health",
        "GET /ws/:id",
        "GET /approve", "POST /approve", "POST /v1/delivery-reports/:provider", "GET /v1/delivery-reports/:provider",
        "POST /v1/leaked-keys", "GET /v1/sessions/me", "POST /v1/otp_", "POST /v1/signup", "POST /v1/account",
        "POST /v1/wallet_kit", "POST /public/v1/submit/init_otp_auth", "POST /public/v1/submit/otp_auth",
    ]

    @Test("there is no other route that a back end's key opens")
    func noneEscapes() async throws {
        let key = try await key(without: nil)
        let known = Set(NeededAbility.bySecretKey.keys).union(NeededAbility.byStamp.keys)
        #expect(known.subtracting(server.routes) == [], "these are not there")
        for route in server.routes.subtracting(known).sorted() {
            guard !Self.open.contains(where: route.hasPrefix) else { continue }
            let answer = await call(route, key: key)
            #expect(
                [401, 403].contains(answer.status), "\(route) answers a back end's key: \(answer.status) \(answer.text)"
            )
        }
    }

    @Test("a call that a key may not make is audited, and counted")
    func recorded() async throws {
        let key = try await key(without: .send)
        #expect(await server.send(#"{"to":"a@example.com","app":"Shop"}"#, key: key).code == "PERMISSION_DENIED")
        #expect(
            try await server.installation.auditTrail(server.workspace).last
                == "authentication.failed refused abilityMissing")
        let metrics = await server.call(.GET, "/metrics", key: server.operatorKey).text
        #expect(metrics.contains(#"countersign_keys_refused_total{reason="ability"} 1"#))
    }
}
