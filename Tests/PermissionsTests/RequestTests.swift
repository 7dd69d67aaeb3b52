import Fixtures
import Permissions
import Testing

@Suite("Asking for a permission")
struct RequestTests {
    @Test("what is asked for, kept, granted and checked at the use is the same number")
    func numbers() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        for number in ["9007199254740992", "-9007199254740992", "0.1", "19.99", "1234567890.1234567", "0.000001"] {
            let scope = #"{"max_amount":\#(number)}"#
            let (permission, token) = try await rooms.granted(caller, scope: scope)
            #expect(permission.scope.text == scope && permission.granted?.text == scope)
            let use = try await rooms.requests.use(
                permission.id, token, details: PermissionRooms.json(#"{"amount":\#(number)}"#), by: .agent(caller))
            #expect(use == .done(usesLeft: 0))
        }
        for number in ["9007199254740993", "1152921504606846976", "-9007199254740994", "1e20"] {
            for scope in [#"{"max_amount":\#(number)}"#, #"{"x":[\#(number)]}"#] {
                let wish = try PermissionRooms.wish(scope: scope)
                await #expect(throws: PermissionError.invalidFields([])) {
                    try await rooms.requests.request(wish, for: caller)
                }
            }
        }
    }

    @Test("without a policy a person has to decide")
    func noPolicy() async throws {
        let rooms = try await PermissionRooms()
        let caller = try await rooms.agentCaller(rooms.workspace())
        let answer = try await rooms.requests.request(PermissionRooms.wish(), for: caller)
        #expect(answer.permission.status == .pending && answer.token == nil)
        #expect(answer.permission.statement != nil && answer.permission.approvalsNeeded == 1)
    }

    @Test("a policy that approves hands the token out in the answer, names itself and its version, and never again")
    func autoApproved() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        let policy = try await rooms.policy(
            #"{"name":"Reading","conditions":{"action":{"equals":"file.read"}},"action":"auto_approve"}"#, workspace)
        let caller = try await rooms.agentCaller(workspace)
        let answer = try await rooms.requests.request(PermissionRooms.wish(), for: caller)
        #expect(answer.permission.status == .approved && answer.token != nil)
        #expect(answer.permission.policy?.id == policy.id && answer.permission.policy?.version == 1)
        #expect(answer.permission.reason?.contains("\"Reading\"") == true)
        let again = try await rooms.requests.collect(answer.permission.id, for: caller)
        #expect(again.token == nil && again.permission.status == .approved)
    }

    @Test("a policy that denies gives its reason and no token, and the denial is in the audit")
    func denied() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.policy(
            #"{"name":"No banks","priority":100,"conditions":{"action":{"startsWith":"bank."}},"action":"deny"}"#,
            workspace)
        let caller = try await rooms.agentCaller(workspace)
        let answer = try await rooms.requests.request(PermissionRooms.wish("bank.transfer"), for: caller)
        #expect(answer.permission.status == .denied && answer.token == nil)
        #expect(answer.permission.reason?.contains("No banks") == true)
        let trail = try await rooms.auditTrail(workspace)
        #expect(trail.last?.hasPrefix("permission.requested refused live denied pol_") == true)
    }

    @Test("an agent's own deny beats a global approval for that agent alone")
    func ownDeny() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        let (one, other) = (try await rooms.agentCaller(workspace), try await rooms.agentCaller(workspace))
        try await rooms.policy(
            #"{"name":"all","priority":10,"conditions":{},"matchAll":true,"action":"auto_approve"}"#, workspace)
        try await rooms.policy(
            #"{"name":"none","priority":100,"agentId":"\#(one.agent.id)","conditions":{},"action":"deny"}"#, workspace)
        let denied = try await rooms.requests.request(PermissionRooms.wish(), for: one)
        let approved = try await rooms.requests.request(PermissionRooms.wish(), for: other)
        #expect(denied.permission.status == .denied && approved.permission.status == .approved)
    }

    @Test(
        "(15) an action that is not lower-case category.operation is refused",
        arguments: ["Bank.Transfer", "bank", "", "bank.", ".transfer", "bank transfer", "bаnk.transfer"])
    func actions(action: String) async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let error = await #expect(throws: PermissionError.self) {
            try await rooms.requests.request(PermissionRooms.wish(action), for: caller)
        }
        #expect(error?.code == .invalidFields && error?.fields.map(\.field) == ["action"])
    }

    @Test("everything that is wrong is named at once")
    func allFaults() async throws {
        let rooms = try await PermissionRooms()
        let caller = try await rooms.agentCaller(rooms.workspace())
        let wish = try PermissionRooms.wish(
            "X", resource: String(repeating: "r", count: 256), scope: #"{"max_amount":"5"}"#, context: "[]",
            lifetime: 29)
        let error = await #expect(throws: PermissionError.self) {
            try await rooms.requests.request(wish, for: caller)
        }
        #expect(
            Set(error?.fields.map(\.field) ?? []) == ["action", "resource", "scope.max_amount", "context", "ttl"])
    }

    @Test("a request lives 30 to 3600 seconds", arguments: [(29, false), (30, true), (3_600, true), (3_601, false)])
    func lifetimes(seconds: Int, isAllowed: Bool) async throws {
        let rooms = try await PermissionRooms()
        let caller = try await rooms.agentCaller(rooms.workspace())
        let wish = try PermissionRooms.wish(lifetime: seconds)
        guard isAllowed else {
            await #expect(throws: PermissionError.invalidFields([])) {
                try await rooms.requests.request(wish, for: caller)
            }
            return
        }
        let answer = try await rooms.requests.request(wish, for: caller)
        #expect(answer.permission.expiresAt == rooms.now + Int64(seconds) * 1000)
    }

    @Test("equal requests have equal digests, whatever the order and spelling of their members")
    func digests() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        func digest(_ scope: String, _ context: String) async throws -> [UInt8] {
            try await rooms.requests.request(PermissionRooms.wish(scope: scope, context: context), for: caller)
                .permission.digest
        }
        let one = try await digest(#"{"max_amount":1e2,"note":"a"}"#, #"{"x":{"a":1,"b":2}}"#)
        let same = try await digest(#"{"note":"\u0061","max_amount":100}"#, #"{"x":{"b":2,"a":1}}"#)
        let other = try await digest(#"{"max_amount":101,"note":"a"}"#, #"{"x":{"a":1,"b":2}}"#)
        #expect(one == same && one != other)
    }

    @Test("a rate in a policy counts the agent's own requests for the action in the last hour")
    func rates() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.policy(
            #"{"name":"few","conditions":{"rate.perHour":{"lessThan":2}},"action":"auto_approve"}"#, workspace)
        let (one, other) = (try await rooms.agentCaller(workspace), try await rooms.agentCaller(workspace))
        func status(_ action: String, _ caller: AgentCaller) async throws -> PermissionStatus {
            try await rooms.requests.request(PermissionRooms.wish(action), for: caller).permission.status
        }
        #expect(try await status("file.read", one) == .approved)
        #expect(try await status("file.read", one) == .approved)
        #expect(try await status("file.read", one) == .pending)
        #expect(try await status("file.write", one) == .approved)
        #expect(try await status("file.read", other) == .approved)
        rooms.time.advance(seconds: 3_601)
        #expect(try await status("file.read", one) == .approved)
    }

    @Test("a rate is counted from an index alone, whatever else the agent did in the hour")
    func rateIndex() async throws {
        let rooms = try await PermissionRooms()
        let plan = try await rooms.installation.database.read { transaction in
            try transaction.rows(
                """
                EXPLAIN QUERY PLAN SELECT COUNT(*) FROM permission
                WHERE workspace = $1 AND agent = $2 AND action = $3 AND mode = $4 AND id >= $5
                """, [.text("w"), .text("a"), .text("x.y"), .text("live"), .text("perm_")])
        }
        #expect(try plan.map { try $0.text(3) }.contains { $0.contains("USING COVERING INDEX permission_rate") })
    }

    @Test("a rate holds for requests at the same time")
    func ratesAtOnce() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.policy(
            #"{"name":"few","conditions":{"rate.perHour":{"lessThan":5}},"action":"auto_approve"}"#, workspace)
        let caller = try await rooms.agentCaller(workspace)
        let approved = Recorded<PermissionStatus>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let wish = try PermissionRooms.wish(context: #"{"n":\#(number)}"#)
                    approved.append(try await rooms.requests.request(wish, for: caller).permission.status)
                }
            }
            try await group.waitForAll()
        }
        #expect(approved.all.filter { $0 == .approved }.count == 5)
    }
}

@Suite("Test keys")
struct TestKeyTests {
    @Test("what needs a person is approved at once, and nobody is told")
    func simulatedApproval() async throws {
        let rooms = try await PermissionRooms()
        let caller = try await rooms.agentCaller(rooms.workspace(), mode: .test)
        let answer = try await rooms.requests.request(PermissionRooms.wish(), for: caller)
        #expect(answer.permission.status == .approved && answer.token != nil)
        #expect(answer.permission.reason?.hasPrefix("Approved at once") == true)
        #expect(rooms.outbox.kinds.isEmpty)
    }

    @Test("a policy still denies, and context._test_deny does")
    func denials() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.policy(
            #"{"name":"no","conditions":{"action":{"equals":"bank.transfer"}},"action":"deny"}"#, workspace)
        let caller = try await rooms.agentCaller(workspace, mode: .test)
        let byPolicy = try await rooms.requests.request(PermissionRooms.wish("bank.transfer"), for: caller)
        let asked = try await rooms.requests.request(
            PermissionRooms.wish(context: #"{"_test_deny":true}"#), for: caller)
        #expect(byPolicy.permission.status == .denied && asked.permission.status == .denied)
    }

    @Test("a live key is not denied by context._test_deny")
    func liveKeys() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let answer = try await rooms.requests.request(
            PermissionRooms.wish(context: #"{"_test_deny":true}"#), for: caller)
        #expect(answer.permission.status == .approved)
    }

    @Test("a test key and a live key of one agent see nothing of each other's")
    func modesAreApart() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let created = try await rooms.agent(workspace)
        let testKey = try await rooms.agents.addKey(
            to: created.agent.id, workspace: workspace.id, mode: .test, origin: .system)
        let live = try await rooms.caller(created.key.secret.text).agent()
        let test = try await rooms.caller(testKey.secret.text).agent()
        let (permission, token) = try await rooms.granted(live)
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.requests.collect(permission.id, for: test)
        }
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.requests.use(permission.id, token, details: nil, by: .agent(test))
        }
        let verifier = try await rooms.verifier(workspace, .verifierTest)
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.requests.verify(permission.id, token, by: verifier)
        }
    }
}
