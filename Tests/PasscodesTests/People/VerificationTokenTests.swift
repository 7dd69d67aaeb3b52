import EnclaveLink
import Fixtures
import JOSE
import Passcodes
import Testing
import Workspaces

@Suite("Verification tokens")
struct VerificationTokenTests {
    @Test("a token serves one look-up, one sign-up and one login", arguments: SealedFlow.allCases)
    func eachUseOnce(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace, flow: flow)
        #expect(try await installation.lookUp(verified, workspace) == nil)
        let user = try await installation.signUp(verified, workspace)
        #expect(try await installation.logIn(verified, workspace).session.user == user)
        await #expect(throws: PasscodeError.tokenUsed()) { try await installation.lookUp(verified, workspace) }
        await #expect(throws: PasscodeError.tokenUsed()) { try await installation.signUp(verified, workspace) }
        await #expect(throws: PasscodeError.tokenUsed()) { try await installation.logIn(verified, workspace) }
    }

    @Test("a look-up finds the contact's user, once, however many ask at the same time")
    func lookUpRace() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let user = try await installation.signUp(installation.prove(workspace), workspace)
        let verified = try await installation.prove(workspace)
        let results = try await race(20) { _ in
            let found = try await installation.lookUp(verified, workspace)
            #expect(found == user)
        }
        #expect(results.count { $0 == nil } == 1 && results.count { $0 == .tokenUsed } == 19)
        #expect(try await installation.auditTrail(workspace).filter { $0.hasPrefix("user.looked_up") }.count == 1)
    }

    @Test("a token looks up no other contact than its own, and is not used up by trying")
    func otherContact() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        try await installation.signUp(installation.prove(workspace, contact: "other@example.com"), workspace)
        let verified = try await installation.prove(workspace)
        for contact in ["other@example.com", "nobody@example.com", Installation.number] {
            await #expect(throws: PasscodeError.contactMismatch()) {
                try await installation.lookUp(verified, workspace, contact: contact)
            }
        }
        #expect(try await installation.lookUp(verified, workspace) == nil)
    }

    @Test("a token of another workspace, mode or flow counts for nothing", arguments: SealedFlow.allCases)
    func foreign(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let other = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace, flow: flow)
        var misplaced = verified
        misplaced.flow = flow == .turnkey ? .countersign : .turnkey
        for (verified, workspace, mode) in [
            (verified, other, ChallengeMode.live), (verified, workspace, .test), (misplaced, workspace, .live),
        ] {
            await Self.expectRefusedToken { try await installation.lookUp(verified, workspace, mode: mode) }
            await Self.expectRefusedToken { try await installation.signUp(verified, workspace, mode: mode) }
            await Self.expectRefusedToken { try await installation.logIn(verified, workspace, mode: mode) }
        }
        #expect(try await installation.count(.tokenUses) == 0)
        try await installation.logIn(verified, workspace)
    }

    @Test("a test token counts for nothing in live mode")
    func testToken() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace, mode: .test)
        await Self.expectRefusedToken { try await installation.signUp(verified, workspace) }
        try await installation.signUp(verified, workspace, mode: .test)
    }

    @Test("a token counts up to its end and not at it", arguments: SealedFlow.allCases)
    func expiry(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.verificationTokenSeconds = 10 }
        let verified = try await installation.prove(workspace, flow: flow)
        installation.time.advance(seconds: 9)
        #expect(try await installation.lookUp(verified, workspace) == nil)
        installation.time.advance(seconds: 1)
        await #expect(throws: PasscodeError.tokenRefused(.tokenExpired)) {
            try await installation.signUp(verified, workspace)
        }
        await #expect(throws: PasscodeError.tokenRefused(.tokenExpired)) {
            try await installation.logIn(verified, workspace)
        }
    }

    @Test("a forged token is refused alike for a contact with and without a user", arguments: SealedFlow.allCases)
    func forged(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        try await installation.signUp(installation.prove(workspace, contact: "known@example.com"), workspace)
        let verified = try await installation.prove(workspace, flow: flow)
        for contact in ["known@example.com", "nobody@example.com"] {
            var forged = verified
            forged.token = try Self.token(verified.token, naming: contact)
            for signsUp in [true, false] {
                await #expect(throws: PasscodeError.tokenRefused(.tokenSignature)) {
                    try await installation.logIn(forged, workspace, signsUp: signsUp)
                }
            }
        }
        #expect(try await installation.count(.users) == 1)
        #expect(try await installation.count(.sessions) == 0)
    }

    @Test("what is no token is refused", arguments: ["", "a", "..", "a.b.c", "e30.e30.e30", "é.é.é"])
    func malformed(text: String) async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        var verified = try await installation.prove(workspace)
        let proof = try installation.loginWish(verified, sessionKey: verified.client.key).proof
        verified.token = VerificationToken(text)
        await Self.expectRefusedToken { try await installation.lookUp(verified, workspace) }
        await Self.expectRefusedToken {
            try await installation.sessions.logIn(
                LoginWish(
                    token: verified.token, flow: .turnkey, proof: proof, sessionKey: verified.client.key,
                    lifetime: nil, invalidatesExisting: false, signsUp: true),
                for: installation.caller(workspace))
        }
    }

    @Test("uses are forgotten a day after their token's end, and not before")
    func pruning() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        _ = try await installation.lookUp(installation.prove(workspace), workspace)
        installation.time.advance(seconds: 3600 + 86_400)
        try await installation.sessions.prune()
        #expect(try await installation.count(.tokenUses) == 1)
        installation.time.advance(seconds: 1)
        try await installation.sessions.prune()
        #expect(try await installation.count(.tokenUses) == 0)
    }

    private static func expectRefusedToken(_ work: () async throws -> some Any) async {
        do {
            _ = try await work()
            Issue.record("the token counted")
        } catch let error as PasscodeError {
            guard case .tokenRefused = error.code else {
                Issue.record("refused otherwise: \(error)")
                return
            }
        } catch {
            Issue.record("another error: \(error)")
        }
    }

    /// The token with another contact in it, under its old signature.
    private static func token(_ token: VerificationToken, naming contact: String) throws -> VerificationToken {
        var parts = token.value.split(separator: ".").map(String.init)
        let payload = String(decoding: try Base64URL.decode(parts[1]), as: UTF8.self)
        let forged = payload.replacing(Installation.person, with: contact)
        #expect(forged != payload)
        parts[1] = Base64URL.encode(Array(forged.utf8))
        return VerificationToken(parts.joined(separator: "."))
    }
}
