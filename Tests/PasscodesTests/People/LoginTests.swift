import EnclaveLink
import Fixtures
import Passcodes
import SealedPasscodes
import Testing
import Workspaces

@Suite("Logging in")
struct LoginTests {
    @Test("a login opens one session that lives as long as the workspace says", arguments: SealedFlow.allCases)
    func opens(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.sessionSeconds = 1234 }
        let verified = try await installation.prove(workspace, flow: flow)
        let user = try await installation.signUp(verified, workspace)
        let opened = try await installation.logIn(verified, workspace, signsUp: false)
        #expect(opened.session.user == user && !opened.isNewUser && opened.session.flow == flow)
        #expect(opened.session.createdAt == installation.time.now.unixMilliseconds)
        #expect(opened.session.expiresAt == opened.session.createdAt + 1_234_000)
        #expect(!opened.token.value.isEmpty && opened.session.id.hasPrefix("se_"))
        #expect(try await installation.count(.sessions) == 1)
        #expect(try await installation.auditTrail(workspace).last == "session.opened done \(user.id)")
    }

    @Test("no session outlives the workspace's ceiling, whatever the login asks for", arguments: SealedFlow.allCases)
    func ceiling(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.sessionMaximumSeconds = 600 }
        for (asked, lifetime) in [(Int?.none, 600), (2_592_000, 600), (601, 600), (599, 599)] {
            let verified = try await installation.prove(workspace, flow: flow)
            let opened = try await installation.logIn(verified, workspace) { $0.lifetime = asked }
            #expect(opened.session.expiresAt - opened.session.createdAt == Int64(lifetime) * 1000)
            installation.time.advance(seconds: 60)
        }
        let verified = try await installation.prove(workspace, flow: flow)
        await #expect(throws: PasscodeError.workspace(.invalidSetting(""))) {
            try await installation.logIn(verified, workspace) { $0.lifetime = 2_592_001 }
        }
    }

    @Test("while nobody pays for the workspace a token opens, finds and makes nothing, and is not used up")
    func unpaid() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let verified = try await installation.prove(workspace)
        let unpaid = try await installation.directory.update(workspace.id, origin: .system) {
            $0.subscription = .inactive
        }
        let expected = PasscodeError.workspace(.subscriptionInactive())
        await #expect(throws: expected) { try await installation.logIn(verified, unpaid) }
        await #expect(throws: expected) { try await installation.signUp(verified, unpaid) }
        await #expect(throws: expected) { try await installation.lookUp(verified, unpaid) }
        #expect(try await installation.lookUp(verified, workspace) == nil)
        try await installation.signUp(verified, workspace)
        try await installation.logIn(verified, workspace, signsUp: false)
    }

    @Test("a login stamped over its whole body opens a session like one with a signed message")
    func stampedBody() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace)
        let key = try SealedClient().key
        let organization = WorkspaceUUID.organization.text(for: workspace.id)
        let body = """
            {"parameters":{"publicKey":"\(key.compressedHexadecimal)"},"organizationId":"\(organization)",\
            "type":"ACTIVITY_TYPE_STAMP_LOGIN"}
            """
        let stamp = try verified.client.sign(body, as: .der)
        let opened = try await installation.logIn(verified, workspace) {
            $0.sessionKey = key
            $0.proof = .stampedBody(stamp)
        }
        #expect(try await installation.sessions.user(stampedBy: key, workspace: workspace) == opened.session.user)
    }

    @Test("who has no user is told so only with a token that counts, and can still sign up and log in with it")
    func unknownUser() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace)
        await #expect(throws: PasscodeError.userUnknown()) {
            try await installation.logIn(verified, workspace, signsUp: false)
        }
        #expect(try await installation.count(.users) == 0)
        #expect(try await installation.count(.tokenUses) == 0)
        let user = try await installation.signUp(verified, workspace)
        let opened = try await installation.logIn(verified, workspace, signsUp: false)
        #expect(opened.session.user == user)
    }

    @Test("a login that may sign up makes the user, once", arguments: SealedFlow.allCases)
    func signsUp(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let first = try await installation.logIn(installation.prove(workspace, flow: flow), workspace)
        let second = try await installation.logIn(installation.prove(workspace, flow: flow), workspace)
        #expect(first.isNewUser && !second.isNewUser && first.session.user == second.session.user)
        #expect(
            try await installation.auditTrail(workspace).filter { $0.hasPrefix("user.signed_up") }
                == ["user.signed_up done live \(flow.rawValue)"])
    }

    @Test("of two parallel logins with one token one opens a session", arguments: SealedFlow.allCases)
    func tokenRace(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        for parallel in [2, 20] {
            let before = try await installation.count(.sessions)
            let verified = try await installation.prove(workspace, flow: flow)
            let results = try await race(parallel) { _ in try await installation.logIn(verified, workspace) }
            #expect(results.count { $0 == nil } == 1 && results.count { $0 == .tokenUsed } == parallel - 1)
            #expect(try await installation.count(.sessions) == before + 1)
        }
    }

    @Test("20 first logins of one contact at the same time make one user, and sessions of that user alone")
    func firstLoginRace() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        var proven: [Verified] = []
        for _ in 0..<20 { proven.append(try await installation.prove(workspace)) }
        let opened = try await withThrowingTaskGroup(of: OpenedSession.self) { group in
            for verified in proven { group.addTask { try await installation.logIn(verified, workspace) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(opened.count { $0.isNewUser } == 1 && Set(opened.map(\.session.user.id)).count == 1)
        #expect(try await installation.count(.users) == 1)
        for session in opened.map(\.session) {
            #expect(session.user.id == opened[0].session.user.id)
        }
        #expect(try await installation.count(.sessions) == Sessions.limit)
    }

    @Test("30 logins at the same time leave 10 sessions, and 20 were put out")
    func limitRace() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        try await installation.signUp(installation.prove(workspace), workspace)
        var proven: [Verified] = []
        for _ in 0..<30 { proven.append(try await installation.prove(workspace)) }
        let results = try await race(30) { [proven] in try await installation.logIn(proven[$0], workspace) }
        #expect(results.allSatisfy { $0 == nil })
        #expect(try await installation.count(.sessions) == 10)
        let trail = try await installation.auditTrail(workspace)
        #expect(trail.count { $0.hasPrefix("session.opened") } == 30)
        #expect(trail.count { $0.hasPrefix("session.evicted") } == 20)
    }

    @Test("an eleventh session puts the oldest out, and none where one has expired")
    func eviction() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        var keys: [P256PublicKey] = []
        func logIn(lifetime: Int = 900) async throws {
            keys.append(
                try await installation.logIn(installation.prove(workspace), workspace) {
                    $0.lifetime = lifetime
                }.session.key)
            installation.time.advance(seconds: 1)
        }
        func alive(_ keys: [P256PublicKey]) async -> [Int] {
            var alive: [Int] = []
            for (position, key) in keys.enumerated()
            where (try? await installation.sessions.user(stampedBy: key, workspace: workspace)) != nil {
                alive.append(position)
            }
            return alive
        }
        for _ in 0..<9 { try await logIn() }
        try await logIn(lifetime: 1)
        try await logIn()
        #expect(await alive(keys) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10])
        try await logIn()
        #expect(await alive(keys) == [1, 2, 3, 4, 5, 6, 7, 8, 10, 11])
        #expect(try await installation.auditTrail(workspace).count { $0.hasPrefix("session.evicted") } == 1)
    }

    @Test("a login that invalidates ends the user's other sessions, of either flow, and nobody else's")
    func invalidates() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        for flow in SealedFlow.allCases {
            try await installation.logIn(installation.prove(workspace, flow: flow), workspace)
        }
        let stranger = try await installation.logIn(installation.prove(workspace, contact: "b@example.com"), workspace)
        let last = try await installation.logIn(installation.prove(workspace), workspace) {
            $0.invalidatesExisting = true
        }
        #expect(try await installation.count(.sessions) == 2)
        for session in [stranger.session, last.session] {
            #expect(
                try await installation.sessions.user(stampedBy: session.key, workspace: workspace) == session.user)
        }
        let trail = try await installation.auditTrail(workspace)
        #expect(trail.count { $0 == "session.ended done \(last.session.user.id)" } == 2)
    }

    @Test("a lifetime out of range is refused before anything is used up")
    func lifetimes() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace)
        for lifetime in [0, -1, 2_592_001, Int.max] {
            await #expect(throws: PasscodeError.workspace(.invalidSetting(""))) {
                try await installation.logIn(verified, workspace) { $0.lifetime = lifetime }
            }
        }
        let opened = try await installation.logIn(verified, workspace) { $0.lifetime = 2_592_000 }
        #expect(opened.session.expiresAt == opened.session.createdAt + 2_592_000_000)
    }

    @Test("a token without its key opens nothing, and its owner can still log in", arguments: SealedFlow.allCases)
    func stolenToken(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace, flow: flow)
        let thief = Verified(token: verified.token, flow: flow, client: try SealedClient())
        await #expect(throws: PasscodeError.tokenRefused(.otherKey)) {
            try await installation.logIn(thief, workspace)
        }
        try await installation.logIn(verified, workspace)
    }

    @Test("a signed login counts for the session key that it names alone")
    func otherSessionKey() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace)
        let other = try SealedClient().key
        await #expect(throws: PasscodeError.tokenRefused(.proofForeign)) {
            try await installation.logIn(verified, workspace) { $0.sessionKey = other }
        }
        #expect(try await installation.count(.tokenUses) == 0)
    }

    @Test("a session key with which another user stamps is refused, and the token is not used up")
    func takenSessionKey() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let victim = try await installation.logIn(installation.prove(workspace), workspace).session
        let registered = try SealedClient().key
        try await installation.signUp(
            installation.prove(workspace, contact: "c@example.com"), workspace,
            keys: [UserKeyWish(name: "", key: registered, lifetime: 60)])
        let attacker = try await installation.prove(workspace, contact: "b@example.com")
        for key in [victim.key, registered] {
            let wish = try installation.loginWish(attacker, sessionKey: key)
            await #expect(throws: PasscodeError.workspace(.invalidSetting(""))) {
                try await installation.sessions.logIn(wish, for: installation.caller(workspace))
            }
        }
        #expect(try await installation.sessions.user(stampedBy: victim.key, workspace: workspace) == victim.user)
        installation.time.advance(seconds: 60)
        let wish = try installation.loginWish(attacker, sessionKey: registered)
        #expect(
            try await installation.sessions.logIn(wish, for: installation.caller(workspace)).session.key == registered)
    }

    @Test("while the enclave or the store is gone nobody logs in, and nothing is used up")
    func unavailable() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace)
        installation.enclave.goDown()
        await #expect(throws: PasscodeError.unavailable("")) { try await installation.logIn(verified, workspace) }
        try await installation.restartEnclave()
        try await installation.logIn(verified, workspace)
        let next = try await installation.prove(workspace)
        await installation.database.close()
        await #expect(throws: PasscodeError.unavailable("")) { try await installation.logIn(next, workspace) }
    }
}
