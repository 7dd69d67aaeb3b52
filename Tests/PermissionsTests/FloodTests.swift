import Fixtures
import Permissions
import Testing
import Workspaces

@Suite("Floods of requests")
struct FloodTests {
    let rooms: PermissionRooms
    let workspace: Workspace

    init() async throws {
        rooms = try await PermissionRooms()
        workspace = try await rooms.workspace()
    }

    private func ask(_ caller: AgentCaller, _ context: String = "{}") async throws -> PermissionAnswer {
        try await rooms.requests.request(PermissionRooms.wish(context: context), for: caller)
    }

    @Test("fifty identical requests at the same time are one prompt")
    func coalesced() async throws {
        let caller = try await rooms.agentCaller(workspace)
        let asked = Recorded<String>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { asked.append(try await ask(caller).permission.id) } }
            try await group.waitForAll()
        }
        #expect(Set(asked.all).count == 1 && asked.all.count == 50)
        #expect(rooms.outbox.kinds == [.requested])
    }

    @Test("what is asked for again after a decision, or by another agent, is a prompt of its own")
    func notCoalesced() async throws {
        let (one, other) = (try await rooms.agentCaller(workspace), try await rooms.agentCaller(workspace))
        let anna = try await rooms.approver(workspace)
        let first = try await ask(one).permission.id
        #expect(try await ask(other).permission.id != first)
        _ = try await rooms.requests.decide(first, PermissionDecision(approved: false), by: anna)
        #expect(try await ask(one).permission.id != first)
    }

    @Test("a request whose time is over is not asked about again in its place, although nobody wrote that down yet")
    func overdue() async throws {
        let caller = try await rooms.agentCaller(workspace)
        let first = try await ask(caller).permission.id
        rooms.time.advance(seconds: 300)
        let second = try await ask(caller).permission
        #expect(second.id != first && second.status == .pending)
        let seen = try await rooms.requests.permission(first, workspace: workspace.id)
        #expect(seen.status == .expired && seen.endedAt != nil)
        #expect(try await rooms.requests.expire() == 0)
    }

    @Test("twenty different requests wait for people, the next is refused and audited, and one more may once one ended")
    func pendingLimit() async throws {
        let caller = try await rooms.agentCaller(workspace)
        var ids: [String] = []
        for number in 0..<20 { ids.append(try await ask(caller, #"{"n":\#(number)}"#).permission.id) }
        await #expect(throws: PermissionError.tooManyPending(limit: 20)) { try await ask(caller, #"{"n":20}"#) }
        #expect(try await rooms.auditTrail(workspace).last == "permission.requested refused tooManyPending")
        // What waits already may be asked for again, and others are not kept out.
        #expect(try await ask(caller, #"{"n":3}"#).permission.id == ids[3])
        _ = try await ask(rooms.agentCaller(workspace), #"{"n":20}"#)
        _ = try await rooms.requests.revoke(ids[0], reason: nil, by: .agent(caller))
        _ = try await ask(caller, #"{"n":20}"#)
    }

    @Test("the limit holds for requests at the same time")
    func pendingLimitAtOnce() async throws {
        let caller = try await rooms.agentCaller(workspace)
        let outcomes = Recorded<Bool>()
        await withTaskGroup { group in
            for number in 0..<60 {
                group.addTask { outcomes.append((try? await ask(caller, #"{"n":\#(number)}"#)) != nil) }
            }
        }
        #expect(outcomes.all.filter { $0 }.count == 20 && outcomes.all.count == 60)
    }

    @Test("a refused request keeps nothing of its Idempotency-Key")
    func refusedKeys() async throws {
        let caller = try await rooms.agentCaller(workspace)
        var first = ""
        for number in 0..<20 {
            let id = try await ask(caller, #"{"n":\#(number)}"#).permission.id
            if number == 0 { first = id }
        }
        let key = Idempotency(key: [1], body: [1])
        let wish = try PermissionRooms.wish(context: #"{"n":99}"#, idempotency: key)
        await #expect(throws: PermissionError.tooManyPending(limit: 20)) {
            try await rooms.requests.request(wish, for: caller)
        }
        _ = try await rooms.requests.revoke(first, reason: nil, by: .agent(caller))
        #expect(try await !rooms.requests.request(wish, for: caller).isReplay)
    }
}

@Suite("Idempotency-Key of a request")
struct IdempotencyTests {
    private static func wish(_ action: String = "file.read", key: UInt8 = 1, body: UInt8 = 1) throws -> PermissionWish {
        try PermissionRooms.wish(action, idempotency: Idempotency(key: [key], body: [body]))
    }

    @Test("the same key asks once, and the answer to a repetition has no token")
    func replay() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let first = try await rooms.requests.request(Self.wish(), for: caller)
        let second = try await rooms.requests.request(Self.wish(), for: caller)
        #expect(first.token != nil && !first.isReplay)
        #expect(second.token == nil && second.isReplay && second.permission.id == first.permission.id)
    }

    @Test("of twenty equal requests at the same time one asks")
    func parallel() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let caller = try await rooms.agentCaller(workspace)
        let answers = Recorded<PermissionAnswer>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask { answers.append(try await rooms.requests.request(Self.wish(), for: caller)) }
            }
            try await group.waitForAll()
        }
        #expect(Set(answers.all.map(\.permission.id)).count == 1)
        #expect(answers.all.filter { $0.token != nil }.count == 1)
    }

    @Test("the same key with another body is refused; another agent's key is another key; a day later it is free")
    func apart() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        try await rooms.approveAll(workspace)
        let (one, other) = (try await rooms.agentCaller(workspace), try await rooms.agentCaller(workspace))
        let first = try await rooms.requests.request(Self.wish(), for: one)
        await #expect(throws: PermissionError.idempotencyKeyReused()) {
            try await rooms.requests.request(Self.wish(body: 2), for: one)
        }
        #expect(try await !rooms.requests.request(Self.wish(), for: other).isReplay)
        rooms.time.advance(seconds: 86_401)
        let later = try await rooms.requests.request(Self.wish(body: 2), for: one)
        #expect(later.permission.id != first.permission.id)
    }

    @Test("a repetition of a request that was coalesced finds the request that it became part of")
    func coalesced() async throws {
        let rooms = try await PermissionRooms()
        let caller = try await rooms.agentCaller(rooms.workspace())
        let asked = try await rooms.requests.request(PermissionRooms.wish(), for: caller)
        let joined = try await rooms.requests.request(Self.wish(), for: caller)
        #expect(joined.permission.id == asked.permission.id && !joined.isReplay)
        let again = try await rooms.requests.request(Self.wish(), for: caller)
        #expect(again.permission.id == asked.permission.id && again.isReplay)
    }
}
