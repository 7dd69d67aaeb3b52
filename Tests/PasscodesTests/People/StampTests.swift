import EnclaveLink
import Fixtures
import Passcodes
import SealedPasscodes
import Testing
import Workspaces

@Suite("Users' stamps")
struct StampTests {
    private func stamper(
        _ key: P256PublicKey, _ installation: Installation, _ workspace: Workspace
    ) async throws(PasscodeError) -> User {
        try await installation.sessions.user(stampedBy: key, workspace: workspace)
    }

    @Test("a session's key stamps for its user up to the session's end and not at it")
    func sessionKey() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let session = try await installation.logIn(installation.prove(workspace), workspace) { $0.lifetime = 10 }
            .session
        installation.time.advance(seconds: 9)
        #expect(try await stamper(session.key, installation, workspace) == session.user)
        installation.time.advance(seconds: 1)
        await #expect(throws: PasscodeError.sessionUnknown()) {
            try await stamper(session.key, installation, workspace)
        }
    }

    @Test("a key stamps in its own workspace and mode alone, and a key of our own flow's session not at all")
    func apart() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let other = try await installation.unlimitedWorkspace()
        let session = try await installation.logIn(installation.prove(workspace), workspace).session
        let sandbox = try await installation.directory.update(workspace.id, origin: .system) {
            $0.settings.sandbox = true
        }
        let own = try await installation.logIn(installation.prove(other, flow: .countersign), other).session
        for (key, workspace) in [(session.key, other), (session.key, sandbox), (own.key, other)] {
            await #expect(throws: PasscodeError.sessionUnknown()) {
                try await stamper(key, installation, workspace)
            }
        }
        #expect(try await stamper(session.key, installation, workspace) == session.user)
    }

    @Test("a key registered at sign-up stamps without a session, up to its end and not at it")
    func registeredKey() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let keys = try (0..<2).map { _ in try SealedClient().key }
        let user = try await installation.signUp(
            installation.prove(workspace), workspace,
            keys: [
                UserKeyWish(name: "phone", key: keys[0], lifetime: nil),
                UserKeyWish(name: "laptop", key: keys[1], lifetime: 10),
            ])
        installation.time.advance(seconds: 9)
        for key in keys { #expect(try await stamper(key, installation, workspace) == user) }
        installation.time.advance(seconds: 1)
        await #expect(throws: PasscodeError.sessionUnknown()) { try await stamper(keys[1], installation, workspace) }
        try await installation.sessions.prune()
        #expect(try await installation.count(.keys) == 1)
        #expect(try await stamper(keys[0], installation, workspace) == user)
    }

    @Test("a key with which another user stamps cannot be registered: the whole sign-up is undone")
    func takenKey() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let registered = try SealedClient().key
        let owner = try await installation.signUp(
            installation.prove(workspace, contact: "a@example.com"), workspace,
            keys: [UserKeyWish(name: "", key: registered, lifetime: 60)])
        let session = try await installation.logIn(installation.prove(workspace, contact: "a@example.com"), workspace)
            .session
        let verified = try await installation.prove(workspace)
        for key in [registered, session.key] {
            let fresh = UserKeyWish(name: "", key: try SealedClient().key, lifetime: nil)
            await #expect(throws: PasscodeError.workspace(.invalidSetting(""))) {
                try await installation.signUp(
                    verified, workspace, keys: [fresh, UserKeyWish(name: "", key: key, lifetime: nil)])
            }
        }
        #expect(try await installation.count(.users) == 1)
        #expect(try await installation.count(.keys) == 1)
        #expect(try await stamper(registered, installation, workspace) == owner)
        installation.time.advance(seconds: 60)
        let user = try await installation.signUp(
            verified, workspace, keys: [UserKeyWish(name: "", key: registered, lifetime: nil)])
        #expect(try await stamper(registered, installation, workspace) == user)
    }

    @Test("of many who register one key at the same time one becomes its user")
    func registrationRace() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        var proven: [Verified] = []
        for position in 0..<10 {
            proven.append(try await installation.prove(workspace, contact: "a\(position)@example.com"))
        }
        let key = try SealedClient().key
        let results = try await race(10) { [proven] in
            try await installation.signUp(
                proven[$0], workspace, keys: [UserKeyWish(name: "", key: key, lifetime: nil)])
        }
        #expect(results.count { $0 == nil } == 1)
        #expect(try await installation.count(.users) == 1)
    }

    @Test("a key that nobody has is unknown, and where the store is gone nobody stamps")
    func unknown() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let key = try SealedClient().key
        await #expect(throws: PasscodeError.sessionUnknown()) { try await stamper(key, installation, workspace) }
        await installation.database.close()
        await #expect(throws: PasscodeError.unavailable("")) { try await stamper(key, installation, workspace) }
    }
}
