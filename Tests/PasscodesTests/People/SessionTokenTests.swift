import EnclaveLink
import Fixtures
import Passcodes
import SealedPasscodes
import Testing
import Workspaces

@Suite("Our own session tokens")
struct SessionTokenTests {
    private static let address = Installation.sessionsAddress + "/me"
    private static let expectation = PossessionProof.Expectation(
        method: "GET", addresses: ["https://other.example.com/v1/sessions/me", address], token: nil)

    /// A session of our own flow, and the client that holds its key.
    private struct Holder {
        var installation: Installation
        var workspace: Workspace
        var client: SealedClient
        var session: Session
        var token: String

        init(
            _ installation: Installation, mode: ChallengeMode = .live, lifetime: Int = 900
        ) async throws {
            let workspace = try await installation.unlimitedWorkspace()
            let verified = try await installation.prove(workspace, flow: .countersign, mode: mode)
            let opened = try await installation.logIn(verified, workspace, mode: mode) { $0.lifetime = lifetime }
            self.installation = installation
            self.workspace = workspace
            client = verified.client
            session = opened.session
            token = opened.token.value
        }

        var now: Int64 { installation.time.now.unixMilliseconds }

        func proof(
            method: String = "GET", address: String = SessionTokenTests.address, token: String?, at offset: Int64 = 0
        ) throws -> String {
            try client.possession(method: method, address: address, token: token, now: now + offset * 1000)
        }

        func proof() throws -> String { try proof(token: token) }

        func present(_ token: String? = nil, proof: String) async throws(PasscodeError) -> Session {
            try await installation.sessions.session(
                token: token ?? self.token, proof: proof, expectation: SessionTokenTests.expectation)
        }
    }

    @Test("a session token with a fresh proof of its key is its session", arguments: ChallengeMode.allCases)
    func counts(mode: ChallengeMode) async throws {
        let holder = try await Holder(Installation(), mode: mode)
        for _ in 0..<3 { #expect(try await holder.present(proof: holder.proof()) == holder.session) }
        #expect(holder.session.user.mode == mode)
    }

    @Test("a proof counts once, however many present it at the same time")
    func replay() async throws {
        let holder = try await Holder(Installation())
        let proof = try holder.proof()
        let results = try await race(20) { _ in _ = try await holder.present(proof: proof) }
        #expect(results.count { $0 == nil } == 1 && results.count { $0 == .proofRefused } == 19)
        holder.installation.time.advance(seconds: 60)
        await #expect(throws: PasscodeError.proofRefused("")) { try await holder.present(proof: proof) }
        #expect(try await holder.present(proof: holder.proof()) == holder.session)
    }

    @Test("a proof for something else, by somebody else or of another time is refused, and the next good one counts")
    func otherProofs() async throws {
        let holder = try await Holder(Installation())
        let stranger = try SealedClient()
        let token = holder.token
        let proofs = [
            "", "a.b.c", token,
            try holder.proof(method: "POST", token: token),
            try holder.proof(address: Installation.sessionsAddress, token: token),
            try holder.proof(address: "https://evil.example.com/v1/sessions/me", token: token),
            try holder.proof(token: nil), try holder.proof(token: token + "x"),
            try holder.proof(token: token, at: -61), try holder.proof(token: token, at: 61),
            try stranger.possession(method: "GET", address: Self.address, token: token, now: holder.now),
        ]
        for (position, proof) in proofs.enumerated() {
            await #expect(throws: PasscodeError.proofRefused(""), "proof \(position)") {
                try await holder.present(proof: proof)
            }
        }
        for offset: Int64 in [-60, 60] {
            _ = try await holder.present(proof: holder.proof(token: token, at: offset))
        }
    }

    @Test("a token that was changed, or is of another kind, is no session")
    func otherTokens() async throws {
        let installation = try await Installation()
        let holder = try await Holder(installation)
        let verified = try await installation.prove(holder.workspace, flow: .countersign)
        let dialect = try await installation.logIn(installation.prove(holder.workspace), holder.workspace)
        let parts = holder.token.split(separator: ".").map(String.init)
        let tokens = [
            "", "a", "a.b.c", "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])",
            "e30.\(parts[1]).\(parts[2])", "\(parts[0]).e30.\(parts[2])", holder.token + "x",
            verified.token.value, dialect.token.value,
        ]
        for token in tokens {
            let proof = try holder.proof(token: token)
            await #expect(throws: PasscodeError.sessionUnknown()) { try await holder.present(token, proof: proof) }
        }
    }

    @Test("another installation's token is no session here")
    func otherInstallation() async throws {
        let holder = try await Holder(Installation())
        let foreign = try await Holder(Installation())
        let proof = try foreign.proof()
        await #expect(throws: PasscodeError.sessionUnknown()) {
            try await holder.present(foreign.token, proof: proof)
        }
    }

    @Test("a session counts up to its end and not at it")
    func expiry() async throws {
        let holder = try await Holder(Installation(), lifetime: 100)
        holder.installation.time.advance(seconds: 99)
        _ = try await holder.present(proof: holder.proof())
        holder.installation.time.advance(seconds: 1)
        let proof = try holder.proof()
        await #expect(throws: PasscodeError.sessionUnknown()) { try await holder.present(proof: proof) }
        try await holder.installation.sessions.prune()
        #expect(try await holder.installation.count(.sessions) == 0)
    }

    @Test("a session that was ended, put out or invalidated is none, though its token's signature holds")
    func ended() async throws {
        let installation = try await Installation()
        let holder = try await Holder(installation)
        try await installation.sessions.end(holder.session.id, by: holder.session, origin: .system)
        let proof = try holder.proof()
        await #expect(throws: PasscodeError.sessionUnknown()) { try await holder.present(proof: proof) }
        await #expect(throws: PasscodeError.sessionUnknown()) {
            try await installation.sessions.end(holder.session.id, by: holder.session, origin: .system)
        }
        #expect(try await installation.auditTrail(holder.workspace).last == "session.ended done ")
    }

    @Test("a user ends sessions of their own alone; a back end any of its workspace and mode")
    func ending() async throws {
        let installation = try await Installation()
        let holder = try await Holder(installation)
        let workspace = holder.workspace
        let stranger = try await installation.logIn(
            installation.prove(workspace, contact: "b@example.com", flow: .countersign), workspace
        ).session
        let foreign = try await installation.unlimitedWorkspace()
        let sessions = installation.sessions
        await #expect(throws: PasscodeError.sessionUnknown()) {
            try await sessions.end(holder.session.id, by: stranger, origin: .system)
        }
        for caller in [installation.caller(foreign), installation.caller(workspace, .test)] {
            await #expect(throws: PasscodeError.sessionUnknown()) {
                try await sessions.end(holder.session.id, for: caller)
            }
        }
        _ = try await holder.present(proof: holder.proof())
        try await sessions.end(holder.session.id, for: installation.caller(workspace))
        #expect(try await installation.count(.sessions) == 1)
    }

    @Test("a token signed by a key that retired counts while the key is published")
    func retiredKey() async throws {
        let installation = try await Installation()
        let holder = try await Holder(installation, lifetime: 2_592_000)
        try await installation.signingKeys.rotate(enclave: installation.enclave, origin: .system)
        try await installation.signingKeys.rotate(enclave: installation.enclave, origin: .system)
        #expect(try await holder.present(proof: holder.proof()) == holder.session)
        installation.time.advance(seconds: 2_591_999)
        try await installation.signingKeys.maintain(installation.enclave)
        #expect(try await holder.present(proof: holder.proof()) == holder.session)
    }

    @Test("whatever a good signature says, the session's row decides on user, mode and flow")
    func rowDecides() async throws {
        let installation = try await Installation()
        let holder = try await Holder(installation)
        let (workspace, client) = (holder.workspace, holder.client)
        let dialect = Verified(
            token: try await installation.verificationToken(workspace, contact: Installation.person, client: client),
            flow: .turnkey, client: client)
        let stamped = try await installation.sessions.logIn(
            installation.loginWish(dialect, sessionKey: client.key), for: installation.caller(workspace)
        ).session
        func token(_ mode: ChallengeMode, user: String, session: String) async throws -> String {
            let verification = try await installation.verificationToken(
                workspace, contact: Installation.person, flow: .countersign, mode: mode, client: client)
            let verified = Verified(token: verification, flow: .countersign, client: client)
            let finding = try await installation.enclave.call(
                SignSession(
                    token: verification,
                    scope: TokenScope(
                        workspace: workspace.id, flow: .countersign, mode: mode, issuer: Installation.issuer,
                        organization: workspace.id),
                    proof: installation.loginWish(verified, sessionKey: client.key).proof, sessionKey: client.key,
                    user: user, session: session, lifetime: 900,
                    keyIdentifier: installation.signingKeys.current(.session(mode))))
            guard case .signed(let token, _, _) = finding else { throw PasscodeError.unavailable("\(finding)") }
            return token.value
        }
        let session = holder.session
        let refused = [
            try await token(.test, user: session.user.id, session: session.id),
            try await token(.live, user: "another", session: session.id),
            try await token(.live, user: session.user.id, session: stamped.id),
            try await token(.live, user: session.user.id, session: "se_0"),
        ]
        for (position, token) in refused.enumerated() {
            let proof = try holder.proof(token: token)
            await #expect(throws: PasscodeError.sessionUnknown(), "token \(position)") {
                try await holder.present(token, proof: proof)
            }
        }
        let same = try await token(.live, user: session.user.id, session: session.id)
        #expect(try await holder.present(same, proof: holder.proof(token: same)) == session)
    }
}
