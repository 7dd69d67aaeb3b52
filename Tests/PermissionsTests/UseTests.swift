import Fixtures
import Permissions
import Storage
import Testing

@Suite("Using a token")
struct UseTests {
    @Test("(3) fifty uses at the same time: one succeeds")
    func oneOfFifty() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let (permission, token) = try await rooms.granted(caller)
        let uses = Recorded<TokenUse>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    uses.append(
                        try await rooms.requests.use(permission.id, token, details: nil, by: .agent(caller)))
                }
            }
            try await group.waitForAll()
        }
        #expect(uses.all.filter { $0 == .done(usesLeft: 0) }.count == 1)
        #expect(uses.all.filter { $0 == .refused(.used, usesLeft: 0) }.count == 49)
        #expect(try await rooms.auditTrail(workspace).filter { $0 == "permission.used refused used" }.count == 49)
    }

    @Test("a use that comes too late is refused for what happened, and the audit says the same")
    func whatReallyHappened() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let (permission, token) = try await rooms.granted(caller)
        rooms.database.before("UPDATE permission SET uses_left") { transaction in
            try transaction.execute("UPDATE permission SET status = 'revoked'", [])
        }
        #expect(
            try await rooms.requests.use(permission.id, token, details: nil, by: .agent(caller))
                == .refused(.revoked, usesLeft: 0))
        #expect(try await rooms.auditTrail(workspace).last == "permission.used refused revoked")
    }

    @Test(
        "(3) whatever is tried, a token works as often as was granted, and the counter is never below 0",
        arguments: 1...6)
    func countsDown(granted: Int) async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let (permission, token) = try await rooms.granted(caller, scope: #"{"max_uses":\#(granted)}"#)
        let done = Recorded<Int>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for attempt in 0..<(granted * 3) {
                group.addTask {
                    let wrong = attempt % 3 == 0
                    let shown = wrong ? PermissionToken(presented: "otp_wrong") : token
                    let use = try await rooms.requests.use(permission.id, shown, details: nil, by: .agent(caller))
                    if case .done(let left) = use { done.append(left) }
                    let seen = try await rooms.requests.permission(permission.id, workspace: workspace.id)
                    #expect(seen.usesLeft >= 0 && seen.uses + seen.usesLeft == granted)
                }
            }
            try await group.waitForAll()
        }
        #expect(done.all.sorted() == Array(0..<granted))
        let seen = try await rooms.requests.permission(permission.id, workspace: workspace.id)
        #expect(seen.status == .used && seen.usesLeft == 0 && seen.uses == granted)
    }

    @Test("(3) the database itself refuses a counter below 0")
    func checkedByTheDatabase() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        _ = try await rooms.granted(rooms.agentCaller(workspace))
        await #expect(throws: StorageError(.constraintViolated, reason: "")) {
            try await rooms.installation.database.write { transaction in
                try transaction.execute("UPDATE permission SET uses_left = -1", [])
            }
        }
    }

    @Test("verifying says what is left and uses nothing up")
    func verifying() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let (permission, token) = try await rooms.granted(caller, scope: #"{"max_uses":2,"max_amount":5}"#)
        for _ in 0..<3 {
            let finding = try await rooms.requests.verify(permission.id, token, by: .agent(caller))
            guard case .valid(let scope, let left, let expiry) = finding else {
                Issue.record("\(finding)")
                return
            }
            #expect(try scope.value()["max_amount"]?.double == 5 && left == 2 && expiry == permission.expiresAt)
        }
        _ = try await rooms.requests.use(permission.id, token, details: nil, by: .agent(caller))
        _ = try await rooms.requests.use(permission.id, token, details: nil, by: .agent(caller))
        #expect(try await rooms.requests.verify(permission.id, token, by: .agent(caller)) == .invalid(.used))
    }

    @Test("(16) what is outside the granted scope is refused and audited, and does not spend the token")
    func outsideScope() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let (permission, token) = try await rooms.granted(
            caller, scope: #"{"max_amount":100,"allowed_accounts":["a","b"],"subject_pattern":"^Invoice"}"#)
        for details in [
            #"{"amount":101}"#, #"{"amount":"50"}"#, #"{"account":"c"}"#, #"{"subject":"Other"}"#, "[]",
            #"{"amount":null}"#,
        ] {
            let use = try await rooms.requests.use(
                permission.id, token, details: try PermissionRooms.json(details), by: .agent(caller))
            guard case .refused(.outsideScope, usesLeft: 1) = use else {
                Issue.record("\(details): \(use)")
                continue
            }
            #expect(try await rooms.auditTrail(workspace).last == "permission.used refused outsideScope")
        }
        let inside = try PermissionRooms.json(#"{"amount":100,"account":"a","subject":"Invoice 7"}"#)
        #expect(
            try await rooms.requests.use(permission.id, token, details: inside, by: .agent(caller))
                == .done(usesLeft: 0))
    }

    @Test("a verifier's key uses tokens of its workspace without the agent's key")
    func verifiers() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let (permission, token) = try await rooms.granted(rooms.agentCaller(workspace))
        let verifier = try await rooms.verifier(workspace)
        guard case .valid = try await rooms.requests.verify(permission.id, token, by: verifier) else {
            Issue.record("the verifier does not know the token")
            return
        }
        let use = try await rooms.requests.use(permission.id, token, details: nil, by: verifier)
        #expect(use == .done(usesLeft: 0))
    }

    @Test("a token of one permission opens no other")
    func otherPermission() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let (one, token) = try await rooms.granted(caller)
        let (other, _) = try await rooms.granted(caller)
        #expect(
            try await rooms.requests.use(other.id, token, details: nil, by: .agent(caller))
                == .refused(.wrongToken, usesLeft: 1))
        #expect(
            try await rooms.requests.use(one.id, token, details: nil, by: .agent(caller)) == .done(usesLeft: 0))
    }

    @Test("the database holds a token's digest and never the token, nor does the audit")
    func storedAsDigest() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let (permission, token) = try await rooms.granted(caller)
        _ = try await rooms.requests.use(permission.id, token, details: nil, by: .agent(caller))
        let found = try await rooms.installation.database.read { transaction in
            try transaction.rows("SELECT * FROM permission", []) + transaction.rows("SELECT * FROM audit_entry", [])
        }
        #expect(!"\(found)".contains(token.value))
    }
}
