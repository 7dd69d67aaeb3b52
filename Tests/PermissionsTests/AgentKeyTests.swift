import Encodings
import Fixtures
import Permissions
import Storage
import Testing
import Workspaces

@Suite("Agents' keys")
struct AgentKeyTests {
    let rooms: PermissionRooms
    let workspace: Workspace

    init() async throws {
        rooms = try await PermissionRooms()
        workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
    }

    private func expectRefused(_ key: String, _ error: WorkspaceError, _ place: Int = #line) async {
        await #expect(throws: PermissionError.workspace(error), "line \(place)") { try await rooms.caller(key) }
    }

    @Test("a fresh agent's key is an ak_live_ or ak_test_ one and says which agent calls, in which mode")
    func fresh() async throws {
        for (isTest, prefix) in [(false, "ak_live_"), (true, "ak_test_")] {
            let created = try await rooms.agent(workspace, mode: isTest ? .test : .live)
            let caller = try await rooms.caller(created.key.secret.text).agent()
            #expect(created.key.secret.text.hasPrefix(prefix))
            #expect(caller.agent.id == created.agent.id && caller.workspace.id == workspace.id)
            #expect((caller.mode == .test) == isTest)
        }
    }

    @Test("after a rotation both keys work for a day, then the new one alone")
    func grace() async throws {
        let created = try await rooms.agent(workspace)
        let fresh = try await rooms.agents.rotateKey(
            of: created.agent.id, workspace: workspace.id, KeyRotation(), origin: .system)
        rooms.time.advance(seconds: 86_399)
        _ = try await rooms.caller(created.key.secret.text)
        rooms.time.advance(seconds: 1)
        await expectRefused(created.key.secret.text, .keyExpired())
        _ = try await rooms.caller(fresh.secret.text)
    }

    @Test("a rotation that revokes ends the old keys at once")
    func immediately() async throws {
        let created = try await rooms.agent(workspace)
        let fresh = try await rooms.agents.rotateKey(
            of: created.agent.id, workspace: workspace.id, KeyRotation(revokesImmediately: true), origin: .system)
        await expectRefused(created.key.secret.text, .keyRevoked())
        _ = try await rooms.caller(fresh.secret.text)
    }

    @Test("a rotation leaves the keys of the other mode alone")
    func otherMode() async throws {
        let created = try await rooms.agent(workspace)
        let test = try await rooms.agents.addKey(
            to: created.agent.id, workspace: workspace.id, mode: .test, origin: .system)
        _ = try await rooms.agents.rotateKey(
            of: created.agent.id, workspace: workspace.id, KeyRotation(revokesImmediately: true), origin: .system)
        _ = try await rooms.caller(test.secret.text)
    }

    @Test("(18) a revoked key takes its tokens and its waiting requests along, and another key's stay")
    func tokensDie() async throws {
        let created = try await rooms.agent(workspace)
        let second = try await rooms.agents.addKey(to: created.agent.id, workspace: workspace.id, origin: .system)
        let (one, other) = (
            try await rooms.caller(created.key.secret.text).agent(), try await rooms.caller(second.secret.text).agent()
        )
        let (dead, deadToken) = try await rooms.granted(one)
        let (alive, token) = try await rooms.granted(other)
        try await rooms.agents.revokeKey(
            created.key.key.id, of: created.agent.id, workspace: workspace.id, origin: .system)
        await expectRefused(created.key.secret.text, .keyRevoked())
        let verifier = try await rooms.verifier(workspace)
        #expect(
            try await rooms.requests.use(dead.id, deadToken, details: nil, by: verifier)
                == .refused(.revoked, usesLeft: 0))
        #expect(
            try await rooms.requests.use(alive.id, token, details: nil, by: verifier) == .done(usesLeft: 0))
        let trail = try await rooms.auditTrail(workspace)
        #expect(trail.contains("permission.revoked done approved"))
    }

    @Test("(18) a token does not outlive a key that ends with its grace period")
    func graceEndsTokens() async throws {
        let created = try await rooms.agent(workspace)
        let caller = try await rooms.caller(created.key.secret.text).agent()
        let (before, token) = try await rooms.granted(caller)
        let fresh = try await rooms.agents.rotateKey(
            of: created.agent.id, workspace: workspace.id, KeyRotation(gracePeriod: 60), origin: .system)
        // Asked for in the grace period.
        let old = try await rooms.caller(created.key.secret.text).agent()
        let (within, laterToken) = try await rooms.granted(old)
        #expect(within.expiresAt == rooms.now + 60_000)
        rooms.time.advance(seconds: 60)
        let new = try await rooms.caller(fresh.secret.text).agent()
        for (permission, token) in [(before, token), (within, laterToken)] {
            #expect(
                try await rooms.requests.use(permission.id, token, details: nil, by: .agent(new))
                    == .refused(.expired, usesLeft: 0))
        }
    }

    @Test(
        "(18) switching an agent off ends its keys' power, its tokens and its requests, until it is switched on again")
    func deactivation() async throws {
        let created = try await rooms.agent(workspace)
        let caller = try await rooms.caller(created.key.secret.text).agent()
        let (permission, token) = try await rooms.granted(caller)
        _ = try await rooms.agents.update(created.agent.id, workspace: workspace.id, origin: .system) {
            $0.isActive = false
        }
        await #expect(throws: PermissionError.agentStopped()) { try await rooms.caller(created.key.secret.text) }
        let verifier = try await rooms.verifier(workspace)
        #expect(
            try await rooms.requests.verify(permission.id, token, by: verifier) == .invalid(.revoked))
        // Somebody who was let in just before gets nothing either.
        await #expect(throws: PermissionError.agentStopped()) {
            try await rooms.requests.request(PermissionRooms.wish(), for: caller)
        }
        _ = try await rooms.agents.update(created.agent.id, workspace: workspace.id, origin: .system) {
            $0.isActive = true
        }
        let again = try await rooms.caller(created.key.secret.text).agent()
        #expect(
            try await rooms.requests.use(permission.id, token, details: nil, by: .agent(again))
                == .refused(.revoked, usesLeft: 0))
    }

    @Test("(18) a key that is revoked while its request is under way opens nothing")
    func revokedMeanwhile() async throws {
        let created = try await rooms.agent(workspace)
        let caller = try await rooms.caller(created.key.secret.text).agent()
        try await rooms.agents.revokeKey(
            created.key.key.id, of: created.agent.id, workspace: workspace.id, origin: .system)
        await #expect(throws: PermissionError.workspace(.keyRevoked())) {
            try await rooms.requests.request(PermissionRooms.wish(), for: caller)
        }
    }

    @Test("the kill switch of a workspace stops all its agents and no other workspace's")
    func killSwitch() async throws {
        let other = try await rooms.workspace()
        try await rooms.approveAll(other)
        let (one, stranger) = (try await rooms.agent(workspace), try await rooms.agent(other))
        let caller = try await rooms.caller(one.key.secret.text).agent()
        let (permission, token) = try await rooms.granted(caller)
        try await rooms.agents.stopAll(workspace: workspace.id, origin: .system)
        #expect(try await rooms.agents.stoppedSince(workspace: workspace.id) == rooms.now)
        await #expect(throws: PermissionError.agentStopped()) { try await rooms.caller(one.key.secret.text) }
        await #expect(throws: PermissionError.agentStopped()) {
            try await rooms.requests.request(PermissionRooms.wish(), for: caller)
        }
        let verifier = try await rooms.verifier(workspace)
        #expect(
            try await rooms.requests.use(permission.id, token, details: nil, by: verifier)
                == .refused(.revoked, usesLeft: 0))
        _ = try await rooms.granted(rooms.caller(stranger.key.secret.text).agent())
        try await rooms.agents.resumeAll(workspace: workspace.id, origin: .system)
        _ = try await rooms.granted(rooms.caller(one.key.secret.text).agent())
    }

    @Test("a kill switch stops requests that race with it: what is granted afterwards is nothing")
    func killSwitchRace() async throws {
        for _ in 0..<10 {
            let created = try await rooms.agent(workspace)
            let caller = try await rooms.caller(created.key.secret.text).agent()
            let granted = Recorded<(Permission, PermissionToken)>()
            let askers = (0..<8).map { _ in
                Task {
                    while let answer = try? await rooms.requests.request(PermissionRooms.wish(), for: caller) {
                        if let token = answer.token { granted.append((answer.permission, token)) }
                    }
                }
            }
            while granted.all.count < 20 { await Task.yield() }
            _ = try await rooms.agents.update(created.agent.id, workspace: workspace.id, origin: .system) {
                $0.isActive = false
            }
            for asker in askers { await asker.value }
            let verifier = try await rooms.verifier(workspace)
            for (permission, token) in granted.all.suffix(20) {
                #expect(
                    try await rooms.requests.use(permission.id, token, details: nil, by: verifier)
                        == .refused(.revoked, usesLeft: 0))
            }
        }
    }

    @Test("an agent has ten keys in force at most, and agents' keys do not use up the workspace's hundred")
    func limits() async throws {
        let created = try await rooms.agent(workspace)
        for _ in 0..<9 {
            _ = try await rooms.agents.addKey(to: created.agent.id, workspace: workspace.id, origin: .system)
        }
        await #expect(throws: PermissionError.workspace(.invalidSetting(""))) {
            try await rooms.agents.addKey(to: created.agent.id, workspace: workspace.id, origin: .system)
        }
        #expect(try await rooms.installation.keys.list(workspace: workspace.id).isEmpty)
        #expect(try await rooms.agents.keys(of: created.agent.id, workspace: workspace.id).count == 10)
    }

    @Test("an agent's key is neither made nor revoked as a key of the workspace")
    func notTheWorkspaces() async throws {
        let created = try await rooms.agent(workspace)
        let keys = rooms.installation.keys
        await #expect(throws: WorkspaceError.notFound("")) {
            try await keys.revoke(created.key.key.id, workspace: workspace.id, origin: .system)
        }
        await #expect(throws: WorkspaceError.invalidSetting("")) {
            try await keys.create(workspace: workspace.id, kind: .agent, name: "", origin: .system)
        }
    }

    @Test("a rotation with a grace period says in the audit which key ends when")
    func rotationIsRecorded() async throws {
        let created = try await rooms.agent(workspace)
        _ = try await rooms.agents.rotateKey(
            of: created.agent.id, workspace: workspace.id, KeyRotation(gracePeriod: 60), origin: .system)
        let rows = try await rooms.installation.database.read { transaction in
            try transaction.rows("SELECT record, agent, detail FROM audit_entry WHERE action = 'key.retired'", [])
        }
        #expect(rows == [Row(columns: [.text(created.key.key.id), .text(created.agent.id), .text("60")])])
    }

    @Test("a key that was shown from elsewhere, or without the agent's proof, was not used")
    func refusedUse() async throws {
        let network = try #require(AddressRange("198.51.100.0/24"))
        let (there, proving) = (
            try await rooms.agent(workspace) { $0.allowedAddresses = AddressList([network]) },
            try await rooms.agent(workspace) { $0.clientKey = try? SealedClient().key }
        )
        for created in [there, proving] {
            await #expect(throws: PermissionError.self) { try await rooms.caller(created.key.secret.text) }
            #expect(try await rooms.agents.agent(created.agent.id, workspace: workspace.id).lastUsedAt == nil)
        }
    }

    @Test("an agent's last use is written down")
    func lastUse() async throws {
        let created = try await rooms.agent(workspace)
        #expect(created.agent.lastUsedAt == nil)
        _ = try await rooms.caller(created.key.secret.text)
        let seen = try await rooms.agents.agent(created.agent.id, workspace: workspace.id)
        #expect(seen.lastUsedAt == rooms.now)
    }
}
