import Crypto
import Fixtures
import SealedPasscodes
import Testing
import Workspaces

@Suite("Stamp keys")
struct StampKeyTests {
    private func fresh() throws -> P256PublicKey {
        try P256PublicKey(point: Array(P256.Signing.PrivateKey().publicKey.x963Representation))
    }

    @Test("a registered public key finds its workspace, and its listing shows its last digits")
    func finds() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let stamp = try fresh()
        let key = try await installation.keys.register(
            stamp: stamp, workspace: workspace.id, name: "back end", origin: .system)
        let caller = try await installation.keys.caller(stampedBy: stamp)
        #expect(caller.workspace.id == workspace.id && caller.kind == .stamp && caller.keyIdentifier == key.id)
        let listed = try #require(try await installation.keys.list(workspace: workspace.id).first)
        #expect(listed.kind == .stamp && listed.hint == String(stamp.compressedHexadecimal.suffix(8)))
        #expect(listed.lastUsedAt == installation.time.now.unixMilliseconds)
        #expect(try await installation.auditTrail(workspace).last == "key.created done stamp")
    }

    @Test("a key that nobody registered is invalid")
    func unknown() async throws {
        let installation = try await Installation()
        await #expect(throws: WorkspaceError.keyInvalid()) { try await installation.keys.caller(stampedBy: fresh()) }
    }

    @Test("a key is registered once, in any workspace, and not again after its end")
    func onceAnywhere() async throws {
        let installation = try await Installation()
        let owner = try await installation.workspace()
        let stranger = try await installation.workspace()
        let stamp = try fresh()
        let key = try await installation.keys.register(stamp: stamp, workspace: owner.id, name: "", origin: .system)
        for workspace in [owner, stranger] {
            await #expect(throws: WorkspaceError.keyRegistered()) {
                try await installation.keys.register(
                    stamp: stamp, workspace: workspace.id, name: "", origin: .system)
            }
        }
        try await installation.keys.revoke(key.id, workspace: owner.id, origin: .system)
        await #expect(throws: WorkspaceError.keyRegistered()) {
            try await installation.keys.register(stamp: stamp, workspace: owner.id, name: "", origin: .system)
        }
        #expect(try await installation.keys.list(workspace: stranger.id).isEmpty)
    }

    @Test("of many that register one key at the same time one succeeds")
    func registrationRace() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let stamp = try fresh()
        let registered = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let key = try? await installation.keys.register(
                        stamp: stamp, workspace: workspace.id, name: "", origin: .system)
                    return key != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(registered == 1)
    }

    @Test("a key that is in use is refused by the first request after its revocation")
    func revocation() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let stamp = try fresh()
        let key = try await installation.keys.register(
            stamp: stamp, workspace: workspace.id, name: "", origin: .system)
        _ = try await installation.keys.caller(stampedBy: stamp)
        try await installation.keys.revoke(key.id, workspace: workspace.id, origin: .system)
        await #expect(throws: WorkspaceError.keyRevoked()) { try await installation.keys.caller(stampedBy: stamp) }
    }

    @Test("a key that is in use stops working at its expiry")
    func expiry() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let stamp = try fresh()
        _ = try await installation.keys.register(
            stamp: stamp, workspace: workspace.id, name: "", lifetime: 1, origin: .system)
        installation.time.advance(seconds: 86_399)
        _ = try await installation.keys.caller(stampedBy: stamp)
        installation.time.advance(seconds: 1)
        await #expect(throws: WorkspaceError.keyExpired()) { try await installation.keys.caller(stampedBy: stamp) }
    }

    @Test("a stamp key cannot be made like a secret key, nor outlive its range")
    func refusedWishes() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        await #expect(throws: WorkspaceError.invalidSetting("")) {
            try await installation.keys.create(workspace: workspace.id, kind: .stamp, name: "", origin: .system)
        }
        for lifetime in [0, 3651] {
            await #expect(throws: WorkspaceError.invalidSetting("")) {
                try await installation.keys.register(
                    stamp: fresh(), workspace: workspace.id, name: "", lifetime: lifetime, origin: .system)
            }
        }
        #expect(try await installation.keys.list(workspace: workspace.id).isEmpty)
    }

    @Test("a changed setting reaches a stamp key that is in use")
    func settingsReachStamps() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let stamp = try fresh()
        _ = try await installation.keys.register(stamp: stamp, workspace: workspace.id, name: "", origin: .system)
        _ = try await installation.keys.caller(stampedBy: stamp)
        _ = try await installation.directory.update(workspace.id, origin: .system) { $0.settings.sandbox = true }
        #expect(try await installation.keys.caller(stampedBy: stamp).workspace.sealedMode == .test)
    }
}
