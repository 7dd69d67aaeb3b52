import Encodings
import Fixtures
import Permissions
import Testing
import Workspaces

@Suite("Who calls")
struct CallerTests {
    let rooms: PermissionRooms
    let workspace: Workspace

    init() async throws {
        rooms = try await PermissionRooms()
        workspace = try await rooms.workspace()
    }

    @Test("an agent with a key of its own needs a proof for each request: its API key alone opens nothing")
    func proofs() async throws {
        let client = try SealedClient()
        let created = try await rooms.agent(workspace) { $0.clientKey = client.key }
        let key = created.key.secret.text
        func proof(_ client: SealedClient, token: String? = key, method: String = "POST") throws -> String {
            try client.possession(method: method, address: PermissionRooms.address, token: token, now: rooms.now)
        }
        let good = try proof(client)
        _ = try await rooms.caller(key, proof: good)
        let bad: [String?] = [
            nil, "", "x.y.z", good, try proof(SealedClient()), try proof(client, token: nil),
            try proof(client, token: "ak_live_other"), try proof(client, method: "GET"),
        ]
        for proof in bad {
            await #expect(throws: PermissionError.proofRefused("")) { try await rooms.caller(key, proof: proof) }
        }
        rooms.time.advance(seconds: 120)
        let stale = try client.possession(
            method: "POST", address: PermissionRooms.address, token: key, now: rooms.now - 61_000)
        await #expect(throws: PermissionError.proofRefused("")) { try await rooms.caller(key, proof: stale) }
        #expect(try await rooms.auditTrail(workspace).contains("authentication.failed refused proofRefused"))
    }

    @Test(
        "an address list lets in what is on it and nothing else",
        arguments: [
            ("192.0.2.77", true), ("192.0.3.1", false), ("2001:db8:1::5", true), ("2001:db9::1", false),
            ("::ffff:192.0.2.9", true), (nil, false), ("nonsense", false),
        ] as [(String?, Bool)])
    func addresses(address: String?, isAllowed: Bool) async throws {
        let created = try await rooms.agent(workspace) {
            $0.allowedAddresses = AddressList(["192.0.2.0/24", "2001:db8::/32"].compactMap { AddressRange($0) })
        }
        if isAllowed {
            _ = try await rooms.caller(created.key.secret.text, from: address)
        } else {
            await #expect(throws: PermissionError.workspace(.addressNotAllowed())) {
                try await rooms.caller(created.key.secret.text, from: address)
            }
        }
    }

    @Test("(17) keys of the passcodes' dialects are not let in, and that they were tried is recorded")
    func otherDialects() async throws {
        for kind in [KeyKind.live, .test] {
            let key = try await rooms.installation.keys.create(
                workspace: workspace.id, kind: kind, name: "", origin: .system)
            await #expect(throws: PermissionError.workspace(.keyNotPermitted(""))) {
                try await rooms.caller(key.secret.text)
            }
            #expect(try await rooms.auditTrail(workspace).last == "authentication.failed refused keyNotPermitted")
        }
        #expect(try await rooms.metrics.figures(.hour, workspace: workspace.id).failedAuthentications == 2)
    }

    @Test("a good key of another kind is no guess: it is told so however often it comes")
    func otherKind() async throws {
        let key = try await rooms.installation.keys.create(
            workspace: workspace.id, kind: .live, name: "", origin: .system)
        for _ in 0..<30 {
            await #expect(throws: PermissionError.workspace(.keyNotPermitted(""))) {
                try await rooms.caller(key.secret.text)
            }
        }
        try await rooms.refused.writeRest(all: true)
        #expect(try await rooms.auditTrail(workspace).last == "authentication.failed refused 10 more")
    }

    @Test("(17) a key whose agent was deleted meanwhile is a failed authentication of that agent")
    func deletedAgents() async throws {
        let created = try await rooms.agent(workspace)
        _ = try await rooms.installation.database.write { transaction in
            try transaction.execute(
                "UPDATE agent SET deleted_at = 1 WHERE workspace = $1 AND id = $2",
                [.text(workspace.id), .text(created.agent.id)])
        }
        await #expect(throws: PermissionError.workspace(.keyInvalid())) {
            try await rooms.caller(created.key.secret.text)
        }
        #expect(try await rooms.auditTrail(workspace).last == "authentication.failed refused keyInvalid")
        let figures = try await rooms.metrics.figures(.hour, agent: created.agent.id, workspace: workspace.id)
        #expect(figures.failedAuthentications == 1)
    }

    @Test("(7) requests are counted by agent: sixty at once, then one a second, whatever address they come from")
    func rates() async throws {
        let created = try await rooms.agent(workspace) { $0.rateLimit = 60 }
        for left in (0..<60).reversed() {
            let caller = try await rooms.caller(created.key.secret.text, from: "192.0.2.\(left)").agent()
            #expect(caller.rate.limit == 60 && caller.rate.remaining == left)
        }
        let error = await #expect(throws: PermissionError.self) { try await rooms.caller(created.key.secret.text) }
        #expect(error?.code == .rateLimited && error?.retryAfter == 1 && error?.rate?.remaining == 0)
        #expect(error?.rate?.reset == 60)
        rooms.time.advance(seconds: 1)
        _ = try await rooms.caller(created.key.secret.text)
        await #expect(throws: PermissionError.self) { try await rooms.caller(created.key.secret.text) }
        let other = try await rooms.agent(workspace) { $0.rateLimit = 60 }
        _ = try await rooms.caller(other.key.secret.text)
    }

    @Test("(7) where the database does not answer, nobody is let in")
    func failsClosed() async throws {
        let created = try await rooms.agent(workspace)
        await rooms.installation.database.close()
        await #expect(throws: PermissionError.workspace(.unavailable(""))) {
            try await rooms.caller(created.key.secret.text)
        }
    }

    @Test("(8) among fifty agents ten thousand bad keys find nothing, are throttled, and keep no agent out")
    func badKeys() async throws {
        var good: [String] = []
        for _ in 0..<50 { good.append(try await rooms.agent(workspace).key.secret.text) }
        var generator = SystemRandomNumberGenerator()
        var refused = (invalid: 0, throttled: 0)
        for number in 0..<10_000 {
            let text = try #require(SecretKey(kind: .agent, using: &generator)).text
            do {
                _ = try await rooms.caller(number.isMultiple(of: 2) ? text : "ak_live_\(number)")
                Issue.record("a bad key was let in")
            } catch let error as PermissionError {
                if error == .workspace(.keyInvalid()) { refused.invalid += 1 }
                if error.code == .authenticationThrottled, error.retryAfter > 0 { refused.throttled += 1 }
            }
        }
        #expect(refused.invalid == 20 && refused.throttled == 9_980)
        for key in good { _ = try await rooms.caller(key) }
        #expect(rooms.counters.snapshot[.failedAuthentication] == 10_000)
        let trail = try await rooms.auditTrail(workspace)
        #expect(trail.filter { $0.hasPrefix("authentication.failed") }.count == 20)
        try await rooms.refused.writeRest(all: true)
        #expect(try await rooms.auditTrail(workspace).last == "authentication.failed refused 9980 more")
        #expect(try await rooms.metrics.figures(.hour, workspace: workspace.id).failedAuthentications == 10_000)
        // Another network has failures of its own.
        await #expect(throws: PermissionError.workspace(.keyInvalid())) {
            try await rooms.caller("ak_live_bad", network: "198.51.100.0/24")
        }
    }

    @Test("(17) a failed authentication is an entry of the workspace that the key belongs to, and counts for its agent")
    func failuresAreRecorded() async throws {
        let other = try await rooms.workspace()
        let created = try await rooms.agent(workspace)
        try await rooms.agents.revokeKey(
            created.key.key.id, of: created.agent.id, workspace: workspace.id, origin: .system)
        await #expect(throws: PermissionError.workspace(.keyRevoked())) {
            try await rooms.caller(created.key.secret.text)
        }
        #expect(try await rooms.auditTrail(workspace).last == "authentication.failed refused keyRevoked")
        let figures = try await rooms.metrics.figures(.hour, agent: created.agent.id, workspace: workspace.id)
        #expect(figures.failedAuthentications == 1)
        #expect(try await rooms.metrics.figures(.hour, workspace: other.id).failedAuthentications == 0)
    }

    @Test("a key that is nobody's is no workspace's business where there are several")
    func nobodysKeys() async throws {
        _ = try await rooms.workspace()
        await #expect(throws: PermissionError.workspace(.keyInvalid())) { try await rooms.caller("ak_live_bad") }
        #expect(try await !rooms.auditTrail(workspace).contains { $0.hasPrefix("authentication.failed") })
        let instance = try await rooms.installation.database.read { transaction in
            try transaction.rows(
                "SELECT 1 FROM audit_entry WHERE workspace = '-' AND action = 'authentication.failed'", [])
        }
        #expect(instance.count == 1)
    }

    @Test("an approver who is switched off has no key any more")
    func inactiveApprovers() async throws {
        let person = try await rooms.approvers.create(
            name: "Anna", address: try rooms.address("anna"), workspace: workspace.id, origin: .system)
        let key = try await rooms.approvers.createKey(for: person.id, workspace: workspace.id, origin: .system)
        #expect(key.secret.text.hasPrefix("uk_live_"))
        #expect(try await rooms.caller(key.secret.text).approver().person == person.id)
        try await rooms.approvers.setActive(false, person.id, workspace: workspace.id, origin: .system)
        await #expect(throws: PermissionError.workspace(.keyRevoked())) { try await rooms.caller(key.secret.text) }
    }
}
