import AuditLog
import EnclaveLink
import Fixtures
import JOSE
import Passcodes
import Testing
import Workspaces

@Suite("Signing keys")
struct SigningKeyTests {
    private static func verifier(_ installation: Installation, _ workspace: Workspace) throws -> IdentityTokenVerifier {
        let keys = try JSONWebKeySet(json: Array(installation.signingKeys.keySet.utf8))
        return IdentityTokenVerifier(
            signatures: JSONWebSignatureVerifier(keys: keys, algorithms: [.es256, .rs256]),
            issuer: Installation.issuer, audience: workspace.id, type: "identity+jwt")
    }

    private static func freshToken(_ installation: Installation, _ workspace: Workspace) async throws -> String {
        try await installation.send(workspace)
        let code = try #require(installation.mail.codes.last)
        return try await installation.token(code: code, workspace).value
    }

    private static func now(_ installation: Installation) -> Double {
        Double(installation.time.now.unixMilliseconds) / 1000
    }

    @Test(
        "a token is verified with the published keys, in each algorithm that can be set",
        arguments: SigningAlgorithm.allCases)
    func tokenVerifies(algorithm: SigningAlgorithm) async throws {
        let installation = try await Installation(algorithm: algorithm)
        let workspace = try await installation.workspace()
        let token = try await Self.freshToken(installation, workspace)
        let claims = try Self.verifier(installation, workspace).verify(token, now: Self.now(installation))
        #expect(claims["phone"] == .string(Installation.number))
        #expect(claims.expiration == claims.issuedAt.map { $0 + 60 })
        #expect(throws: JOSEError(.expired)) {
            try Self.verifier(installation, workspace).verify(token, now: Self.now(installation) + 60)
        }
    }

    @Test("the next key is published before it signs, and the last until its tokens have expired")
    func rotation() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        let before = try JSONWebKeySet(json: Array(installation.signingKeys.keySet.utf8))
        let old = try await Self.freshToken(installation, workspace)
        try await installation.signingKeys.rotate(enclave: installation.enclave, origin: .system)
        let new = try await Self.freshToken(installation, workspace)

        let cached = IdentityTokenVerifier(
            signatures: JSONWebSignatureVerifier(keys: before, algorithms: [.es256]), issuer: Installation.issuer,
            audience: workspace.id, type: "identity+jwt")
        for token in [old, new] {
            _ = try cached.verify(token, now: Self.now(installation))
            _ = try Self.verifier(installation, workspace).verify(token, now: Self.now(installation))
        }

        installation.time.advance(seconds: 119)
        try await installation.signingKeys.maintain(installation.enclave)
        _ = try Self.verifier(installation, workspace).verify(old, now: Self.now(installation) - 119)
        installation.time.advance(seconds: 1)
        try await installation.signingKeys.maintain(installation.enclave)
        #expect(throws: JOSEError.self) {
            try Self.verifier(installation, workspace).verify(old, now: Self.now(installation) - 120)
        }
    }

    @Test("rotation runs by itself after thirty days, and once only")
    func rotationByItself() async throws {
        let installation = try await Installation()
        let first = try installation.signingKeys.current(.identity)
        installation.time.advance(seconds: 30 * 86_400 - 1)
        try await installation.signingKeys.maintain(installation.enclave)
        #expect(try installation.signingKeys.current(.identity) == first)
        installation.time.advance(seconds: 1)
        try await installation.signingKeys.maintain(installation.enclave)
        let second = try installation.signingKeys.current(.identity)
        #expect(second != first)
        try await installation.signingKeys.maintain(installation.enclave)
        #expect(try installation.signingKeys.current(.identity) == second)
    }

    @Test("of parallel rotations all succeed or say so, and one key signs and one is next")
    func parallelRotations() async throws {
        let installation = try await Installation()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    try? await installation.signingKeys.rotate(enclave: installation.enclave, origin: .system)
                }
            }
        }
        let identity = installation.signingKeys.all.filter { $0.purpose == .identity }
        #expect(identity.count { $0.state == .current } == 1)
        #expect(identity.count { $0.state == .next } == 1)
    }

    @Test("tokens of test challenges are signed by a key that the set leaves out where it is told to")
    func testKeyIsApart() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.send(workspace, mode: .test)
        let code = try #require(dispatch.testCode).value
        let token = try await installation.token(code: code, workspace, mode: .test).value

        _ = try Self.verifier(installation, workspace).verify(token, now: Self.now(installation))
        let production = SigningKeys(
            database: installation.database, audit: installation.audit,
            settings: SigningKeySettings(algorithm: .es256, publishesTestKey: false),
            issuer: Installation.issuer, clock: installation.time.wall)
        try await production.prepare(installation.enclave)
        let keys = try JSONWebKeySet(json: Array(production.keySet.utf8))
        let verifier = JSONWebSignatureVerifier(keys: keys, algorithms: [.es256, .rs256])
        #expect(throws: JOSEError.self) { try verifier.verify(token) }
    }

    @Test("a change of the algorithm begins with the next key")
    func algorithmChanges() async throws {
        let installation = try await Installation(algorithm: .rs256With2048Bits)
        let current = try installation.signingKeys.current(.identity)
        let changed = SigningKeys(
            database: installation.database, audit: installation.audit,
            settings: SigningKeySettings(algorithm: .es256, publishesTestKey: false),
            issuer: Installation.issuer, clock: installation.time.wall)
        try await changed.prepare(installation.enclave)
        #expect(try changed.current(.identity) == current)
        #expect(changed.all.first { $0.purpose == .identity && $0.state == .next }?.algorithm == .es256)
        #expect(changed.all.count { $0.purpose == .identity } == 2)
    }

    @Test("the enclave's own key survives restarts and is an uncompressed P-256 point")
    func enclaveKey() async throws {
        let installation = try await Installation()
        let key = try #require(installation.signingKeys.enclaveKey)
        #expect(key.count == 130 && key.hasPrefix("04"))
        try await installation.restartEnclave()
        #expect(installation.signingKeys.enclaveKey == key)
    }
}
