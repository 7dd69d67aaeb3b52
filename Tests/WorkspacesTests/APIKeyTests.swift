import AuditLog
import Fixtures
import Testing
import Workspaces

@Suite("API keys")
struct APIKeyTests {
    private func authenticate(
        _ installation: Installation, _ text: String?, fromBrowser: Bool = false
    ) async throws(WorkspaceError) -> Caller {
        do {
            return try await installation.keys.authenticate(
                PresentedKey(text: text, fromBrowser: fromBrowser, address: "127.0.0.1"), request: "request",
                address: "127.0.0.1:1")
        } catch {
            throw error.error
        }
    }

    @Test("a key finds its workspace and kind")
    func finds() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let created = try await installation.keys.create(
            workspace: workspace.id, kind: .test, name: "ci", origin: .system)
        let caller = try await authenticate(installation, created.secret.text)
        #expect(caller.workspace.id == workspace.id && caller.kind == .test)
        #expect(caller.keyIdentifier == created.key.id)
    }

    @Test("no key, a malformed key and an unknown one are told apart as missing and invalid")
    func unknownKeys() async throws {
        let installation = try await Installation()
        var generator = SystemRandomNumberGenerator()
        let unknown = try #require(SecretKey(kind: .live, using: &generator)).text
        await #expect(throws: WorkspaceError.keyMissing()) { try await authenticate(installation, nil) }
        for text in ["", "nonsense", unknown] {
            await #expect(throws: WorkspaceError.keyInvalid()) { try await authenticate(installation, text) }
        }
    }

    @Test("a malformed key is refused although the database cannot answer")
    func malformedKeyNeedsNoDatabase() async throws {
        let installation = try await Installation()
        await installation.database.close()
        await #expect(throws: WorkspaceError.keyInvalid()) { try await authenticate(installation, "sk_live_typo") }
        var generator = SystemRandomNumberGenerator()
        let wellFormed = try #require(SecretKey(kind: .live, using: &generator)).text
        await #expect(throws: WorkspaceError.unavailable("")) { try await authenticate(installation, wellFormed) }
    }

    @Test("several keys live side by side, and revoking one works at once and spares the others")
    func revocation() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let one = try await installation.keys.create(workspace: workspace.id, kind: .live, name: "1", origin: .system)
        let two = try await installation.keys.create(workspace: workspace.id, kind: .live, name: "2", origin: .system)
        try await installation.keys.revoke(one.key.id, workspace: workspace.id, origin: .system)
        await #expect(throws: WorkspaceError.keyRevoked()) { try await authenticate(installation, one.secret.text) }
        _ = try await authenticate(installation, two.secret.text)
    }

    @Test("a key that is used all the time is refused by the first request after its revocation was acknowledged")
    func revocationUnderLoad() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        for _ in 0..<20 {
            let key = try await installation.keys.create(
                workspace: workspace.id, kind: .live, name: "", origin: .system)
            let users = (0..<8).map { _ in
                Task {
                    while !Task.isCancelled {
                        _ = try? await authenticate(installation, key.secret.text)
                        await Task.yield()
                    }
                }
            }
            try await installation.keys.revoke(key.key.id, workspace: workspace.id, origin: .system)
            await #expect(throws: WorkspaceError.keyRevoked()) {
                try await authenticate(installation, key.secret.text)
            }
            for user in users { user.cancel() }
            for user in users { await user.value }
            await #expect(throws: WorkspaceError.keyRevoked()) {
                try await authenticate(installation, key.secret.text)
            }
        }
    }

    @Test("a changed setting reaches a key that is in use")
    func settingsReachKeys() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let key = try await installation.keys.create(workspace: workspace.id, kind: .live, name: "", origin: .system)
        _ = try await authenticate(installation, key.secret.text)
        _ = try await installation.directory.update(workspace.id, origin: .system) { $0.settings.codeLength = 9 }
        #expect(try await authenticate(installation, key.secret.text).workspace.settings.codeLength == 9)
    }

    @Test("a key of another workspace cannot be revoked, nor told from one that does not exist")
    func foreignKey() async throws {
        let installation = try await Installation()
        let owner = try await installation.workspace()
        let stranger = try await installation.workspace()
        let key = try await installation.keys.create(workspace: owner.id, kind: .live, name: "", origin: .system)
        for id in [key.key.id, "key_0000000000000000"] {
            await #expect(throws: WorkspaceError.notFound("key")) {
                try await installation.keys.revoke(id, workspace: stranger.id, origin: .system)
            }
        }
        _ = try await authenticate(installation, key.secret.text)
    }

    @Test("a key stops working at its expiry")
    func expiry() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let created = try await installation.keys.create(
            workspace: workspace.id, kind: .live, name: "", lifetime: 1, origin: .system)
        installation.time.advance(seconds: 86_399)
        _ = try await authenticate(installation, created.secret.text)
        installation.time.advance(seconds: 1)
        await #expect(throws: WorkspaceError.keyExpired()) { try await authenticate(installation, created.secret.text) }
    }

    @Test("a secret key from a browser is refused and the use is audited; an operator's key is not a secret key")
    func browser() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let secret = try await installation.keys.create(
            workspace: workspace.id, kind: .live, name: "", origin: .system)
        let operatorKey = try await installation.keys.create(
            workspace: workspace.id, kind: .operator, name: "", origin: .system)
        await #expect(throws: WorkspaceError.keyInBrowser()) {
            try await authenticate(installation, secret.secret.text, fromBrowser: true)
        }
        #expect(try await installation.auditTrail(workspace).last == "key.refused refused browser")
        _ = try await authenticate(installation, operatorKey.secret.text, fromBrowser: true)
    }

    @Test("the database holds a digest of a key and never the key")
    func storedAsDigest() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let created = try await installation.keys.create(
            workspace: workspace.id, kind: .live, name: "", origin: .system)
        let row = try await installation.database.read { transaction in
            try transaction.row("SELECT digest, hint FROM api_key WHERE id = $1", [.text(created.key.id)])
        }
        #expect(try row?.bytes(0) == created.secret.digest)
        #expect(try row?.text(1).contains(created.secret.text) == false)
    }

    @Test("the last use is written down")
    func lastUse() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let created = try await installation.keys.create(
            workspace: workspace.id, kind: .live, name: "", origin: .system)
        _ = try await authenticate(installation, created.secret.text)
        let listed = try await installation.keys.list(workspace: workspace.id)
        #expect(listed.first?.lastUsedAt == installation.time.now.unixMilliseconds)
    }
}
