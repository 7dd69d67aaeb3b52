import Crypto
import Encodings
import Fixtures
import SealedPasscodes
import Testing
import Workspaces

@Suite("Where keys may be used, and for what")
struct KeyLimitTests {
    let installation: Installation
    let workspace: Workspace

    init() async throws {
        installation = try await Installation()
        workspace = try await installation.workspace()
    }

    private func list(_ texts: String...) throws -> AddressList { try #require(AddressList(texts: texts)) }

    private func key(_ kind: KeyKind = .live, _ limits: KeyLimits = KeyLimits()) async throws -> CreatedAPIKey {
        try await installation.keys.create(
            workspace: workspace.id, kind: kind, name: "", limits: limits, origin: .system)
    }

    @Test("a key's list and its workspace's both have to let an address in")
    func bothLists() async throws {
        let key = try await key(.live, KeyLimits(addresses: list("192.0.2.0/24")))
        _ = try await installation.directory.update(workspace.id, origin: .system) {
            [allowed = try list("192.0.2.7")] in
            $0.settings.allowedAddresses = allowed
        }
        _ = try await installation.keys.caller(key.secret.text, from: "192.0.2.7")
        for address in ["192.0.2.8", "198.51.100.7", nil] {
            await #expect(throws: WorkspaceError.addressNotAllowed()) {
                try await installation.keys.caller(key.secret.text, from: address)
            }
        }
    }

    @Test(
        "a change counts for the next request, also of a key that is used all the time, and is audited without the list"
    )
    func change() async throws {
        let key = try await key()
        for _ in 0..<3 { _ = try await installation.keys.caller(key.secret.text, from: "198.51.100.7") }
        let changed = try await installation.keys.update(key.key.id, workspace: workspace.id, origin: .system) {
            [allowed = try list("192.0.2.7")] in $0.addresses = allowed
        }
        #expect(changed.limits.addresses.texts == ["192.0.2.7"])
        await #expect(throws: WorkspaceError.addressNotAllowed()) {
            try await installation.keys.caller(key.secret.text, from: "198.51.100.7")
        }
        #expect(try await installation.auditTrail(workspace).last == "key.changed done allowed_addresses")
        _ = try await installation.keys.update(key.key.id, workspace: workspace.id, origin: .system) {
            $0 = KeyLimits(abilities: [.read])
        }
        _ = try await installation.keys.caller(key.secret.text, from: "198.51.100.7")
        #expect(
            try await installation.auditTrail(workspace).last == "key.changed done abilities=read allowed_addresses")
        #expect(try await installation.keys.list(workspace: workspace.id).first?.limits.abilities == [.read])
    }

    @Test("a change that changes nothing is no entry of the audit")
    func noChange() async throws {
        let key = try await key()
        let before = try await installation.auditTrail(workspace)
        _ = try await installation.keys.update(key.key.id, workspace: workspace.id, origin: .system) { _ in }
        #expect(try await installation.auditTrail(workspace) == before)
    }

    @Test("a key of another workspace is none, and a revoked one stays as it is")
    func strangers() async throws {
        let key = try await key()
        let other = try await installation.workspace()
        await #expect(throws: WorkspaceError.notFound("key")) {
            try await installation.keys.update(key.key.id, workspace: other.id, origin: .system) {
                $0.abilities = [.read]
            }
        }
        try await installation.keys.revoke(key.key.id, workspace: workspace.id, origin: .system)
        await #expect(throws: WorkspaceError.keyRevoked()) {
            try await installation.keys.update(key.key.id, workspace: workspace.id, origin: .system) {
                $0.abilities = [.read]
            }
        }
    }

    @Test("a key has some abilities, and only keys of back ends have a choice")
    func abilities() async throws {
        let narrow = try await key(.test, KeyLimits(abilities: [.verify]))
        let caller = try await installation.keys.caller(narrow.secret.text, from: nil)
        try caller.require(.verify)
        #expect(throws: WorkspaceError.abilityMissing(.send)) { try caller.require(.send) }
        await #expect(throws: WorkspaceError.invalidSetting("")) { try await key(.live, KeyLimits(abilities: [])) }
        for kind in [KeyKind.operator, .approver, .verifier, .verifierTest] {
            await #expect(throws: WorkspaceError.invalidSetting("")) {
                try await key(kind, KeyLimits(abilities: [.read]))
            }
        }
    }

    @Test("a stamp key has a list and abilities as a secret one")
    func stamps() async throws {
        let stamp = try P256PublicKey(point: Array(P256.Signing.PrivateKey().publicKey.x963Representation))
        _ = try await installation.keys.register(
            stamp: stamp, workspace: workspace.id, name: "",
            limits: KeyLimits(addresses: list("2001:db8::/32"), abilities: [.send]), origin: .system)
        await #expect(throws: FailedAuthentication.self) {
            try await installation.keys.caller(stampedBy: stamp, from: "192.0.2.1")
        }
        let caller = try await installation.keys.caller(stampedBy: stamp, from: "2001:db8::1")
        #expect(throws: WorkspaceError.abilityMissing(.verify)) { try caller.require(.verify) }
    }

    @Test("a list has an end")
    func length() async throws {
        let long = AddressList((0...AddressList.limit).compactMap { AddressRange("192.0.2.\($0)") })
        await #expect(throws: WorkspaceError.invalidSetting("")) { try await key(.live, KeyLimits(addresses: long)) }
        await #expect(throws: WorkspaceError.invalidSetting("")) {
            try await installation.directory.update(workspace.id, origin: .system) {
                $0.settings.allowedAddresses = long
            }
        }
    }
}
