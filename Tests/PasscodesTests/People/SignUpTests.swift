import EnclaveLink
import Fixtures
import Passcodes
import SealedPasscodes
import Testing
import Workspaces

@Suite("Signing up")
struct SignUpTests {
    @Test("a verified contact becomes a user once", arguments: SealedFlow.allCases)
    func once(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let first = try await installation.prove(workspace, flow: flow)
        let user = try await installation.signUp(first, workspace, name: "Ada")
        #expect(user.name == "Ada" && user.mode == .live && user.createdAt == installation.time.now.unixMilliseconds)
        let second = try await installation.prove(workspace, flow: flow)
        await #expect(throws: PasscodeError.userExists()) { try await installation.signUp(second, workspace) }
        #expect(try await installation.count(.users) == 1)
        #expect(try await installation.lookUp(second, workspace) == user)
    }

    @Test("20 who sign up with one contact at the same time become one user")
    func contactRace() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        var proven: [Verified] = []
        for _ in 0..<20 { proven.append(try await installation.prove(workspace)) }
        let results = try await race(20) { [proven] in try await installation.signUp(proven[$0], workspace) }
        #expect(results.count { $0 == nil } == 1 && results.count { $0 == .userExists } == 19)
        #expect(try await installation.count(.users) == 1)
        #expect(try await installation.count(.contacts) == 1)
    }

    @Test("a token signs up once, however many try at the same time")
    func tokenRace() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace)
        let results = try await race(20) { _ in try await installation.signUp(verified, workspace) }
        #expect(results.count { $0 == nil } == 1 && results.count { $0 == .tokenUsed } == 19)
    }

    @Test("workspaces and modes have users of their own")
    func apart() async throws {
        let installation = try await Installation()
        let one = try await installation.unlimitedWorkspace()
        let other = try await installation.unlimitedWorkspace()
        let users = [
            try await installation.signUp(installation.prove(one), one),
            try await installation.signUp(installation.prove(other), other),
            try await installation.signUp(installation.prove(one, mode: .test), one, mode: .test),
        ]
        #expect(Set(users.map(\.id)).count == 3)
        let test = try await installation.prove(one, mode: .test)
        #expect(try await installation.lookUp(test, one, mode: .test)?.id == users[2].id)
    }

    @Test("whatever key its caller has, a sandbox's users are test users")
    func sandbox() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.sandbox = true }
        let verified = try await installation.prove(workspace, contact: "user@example.com")
        #expect(try await installation.signUp(verified, workspace).mode == .test)
    }

    @Test("a message that the token's key did not sign for this token and use signs nobody up, and uses nothing up")
    func messages() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace)
        let identifier = try verified.token.identifier()
        let stranger = try SealedClient()
        var changed = try verified.client.signUp(tokenIdentifier: identifier)
        changed.message[changed.message.count - 2] ^= 1
        let messages: [(SignedMessage, TokenFault)] = [
            (try stranger.signUp(tokenIdentifier: identifier), .otherKey),
            (changed, .proofSignature),
            (try verified.client.signUp(tokenIdentifier: "another"), .proofForeign),
            (try verified.client.login(sessionKey: stranger.key, tokenIdentifier: identifier), .proofForeign),
            (try verified.client.sign("no JSON"), .proofMalformed),
        ]
        for (message, fault) in messages {
            await #expect(throws: PasscodeError.tokenRefused(fault)) {
                try await installation.users.signUp(
                    SignUpWish(token: verified.token, flow: .turnkey, message: message, name: ""),
                    for: installation.caller(workspace))
            }
        }
        #expect(try await installation.count(.users) == 0)
        #expect(try await installation.count(.tokenUses) == 0)
        try await installation.signUp(verified, workspace)
    }

    @Test("a name or key that cannot be stored is refused before anything is used up")
    func wishes() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace)
        let key = try SealedClient().key
        let refused: [(String, [UserKeyWish])] = [
            (String(repeating: "a", count: 101), []), ("a\u{1B}[2J", []), ("a\u{202E}b", []),
            ("", [UserKeyWish(name: "a\nb", key: key, lifetime: nil)]),
            ("", [UserKeyWish(name: "", key: key, lifetime: 0)]),
            ("", [UserKeyWish(name: "", key: key, lifetime: 315_360_001)]),
            ("", [UserKeyWish(name: "1", key: key, lifetime: nil), UserKeyWish(name: "2", key: key, lifetime: nil)]),
            (
                "",
                try (0...SignUpWish.keyLimit).map { _ in
                    UserKeyWish(name: "", key: try SealedClient().key, lifetime: nil)
                }
            ),
        ]
        for (name, keys) in refused {
            await #expect(throws: PasscodeError.workspace(.invalidSetting(""))) {
                try await installation.signUp(verified, workspace, name: name, keys: keys)
            }
        }
        #expect(try await installation.count(.tokenUses) == 0)
        try await installation.signUp(verified, workspace, name: String(repeating: "ä", count: 100))
    }

    @Test("the database knows a user's contact by a digest alone")
    func digest() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        try await installation.signUp(installation.prove(workspace), workspace)
        let contact = try await installation.database.read {
            try $0.row("SELECT contact FROM user_contact", [])?.bytes(0)
        }
        #expect(contact?.count == 32)
        let trail = try await installation.auditTrail(workspace)
        #expect(trail.contains("user.signed_up done live turnkey"))
        #expect(!trail.contains { $0.contains(Installation.person) })
    }

    @Test("while the enclave is gone nobody signs up, and nothing is used up")
    func enclaveGone() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace)
        installation.enclave.goDown()
        await #expect(throws: PasscodeError.unavailable("")) { try await installation.signUp(verified, workspace) }
        try await installation.restartEnclave()
        try await installation.signUp(verified, workspace)
    }
}
