import AuditLog
import Fixtures
import Permissions
import Policies
import Storage
import Testing
import Workspaces

@Suite("Policies in the store")
struct PolicyDirectoryTests {
    let rooms: PermissionRooms
    let workspace: Workspace

    init() async throws {
        rooms = try await PermissionRooms()
        workspace = try await rooms.workspace()
    }

    private func policies(_ documents: String...) throws -> [Policy] { try documents.map(PermissionRooms.policy) }

    private static let deny = #"{"name":"no","conditions":{"action":{"equals":"x.y"}},"action":"deny"}"#
    private static let approve = #"{"name":"yes","conditions":{"action":{"equals":"x.y"}},"action":"auto_approve"}"#

    private func decide(_ caller: AgentCaller) async throws -> Permission {
        try await rooms.requests.request(PermissionRooms.wish("x.y"), for: caller).permission
    }

    @Test("a policy decides from the next request on, a changed one as changed, a deleted one no more")
    func changes() async throws {
        let caller = try await rooms.agentCaller(workspace)
        #expect(try await decide(caller).status == .pending)
        let stored = try await rooms.policy(Self.approve, workspace)
        #expect(try await decide(caller).status == .approved)
        let deny = try PermissionRooms.policy(Self.deny)
        let changed = try await rooms.policies.change(stored.id, workspace: workspace.id, origin: .system) { _ in deny }
        #expect(changed.id == stored.id && changed.policy.version == 2 && changed.policy.name == "no")
        let denied = try await decide(caller)
        #expect(denied.status == .denied && denied.policy?.id == stored.id && denied.policy?.version == 2)
        try await rooms.policies.delete(stored.id, workspace: workspace.id, origin: .system)
        #expect(
            try await rooms.requests.request(PermissionRooms.wish("x.y"), for: caller).permission.status == .pending)
    }

    @Test("what a policy said is known for every version that a grant may name, deleted ones included")
    func history() async throws {
        let stored = try await rooms.policy(Self.approve, workspace)
        let deny = try PermissionRooms.policy(Self.deny)
        _ = try await rooms.policies.change(stored.id, workspace: workspace.id, origin: .system) { _ in deny }
        try await rooms.policies.delete(stored.id, workspace: workspace.id, origin: .system)
        for (version, name) in [(1, "yes"), (2, "no")] {
            let document = try await rooms.policies.document(stored.id, version: version, workspace: workspace.id)
            #expect(try document.value()["name"]?.text == name)
        }
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.policies.document(stored.id, version: 3, workspace: workspace.id)
        }
    }

    @Test(
        "a set is applied as a whole: what is of one name changes, the rest is made or deleted, what is the same stays")
    func applied() async throws {
        let first = Self.deny.replacing("x.y", with: "x.w")
        try await rooms.policy(first, workspace)
        let kept = try await rooms.policy(Self.approve, workspace)
        let gone = #"{"name":"gone","conditions":{"action":{"equals":"a.b"}},"action":"deny"}"#
        try await rooms.policy(gone, workspace)
        let before = try await rooms.policies.all(workspace: workspace.id).version
        let changedDeny = first.replacing("x.w", with: "x.z")
        let fresh = #"{"name":"fresh","conditions":{"action":{"equals":"c.d"}},"action":"deny"}"#
        let application = try await rooms.policies.apply(
            policies(fresh, changedDeny, Self.approve), version: before, workspace: workspace.id, origin: .system)
        let diff = application.diff
        #expect(diff.added.map(\.name) == ["fresh"] && diff.changed.map(\.after.name) == ["no"])
        #expect(diff.removed.map(\.name) == ["gone"])
        let (all, version) = try await rooms.policies.all(workspace: workspace.id)
        #expect(all.map(\.policy.name) == ["fresh", "no", "yes"] && version == application.version)
        #expect(all[2] == kept && all[1].policy.version == 2)
        let again = try await rooms.policies.apply(
            policies(fresh, changedDeny, Self.approve), version: version, workspace: workspace.id, origin: .system)
        #expect(again.diff.isEmpty && again.version == version)
    }

    @Test(
        "nothing of a set is applied where one of its policies does not fit, or the policies are no longer those looked at"
    )
    func allOrNothing() async throws {
        try await rooms.policy(Self.deny, workspace)
        let (before, version) = try await rooms.policies.all(workspace: workspace.id)
        let unknown = #"{"name":"x","agentId":"agt_unknown","conditions":{},"action":"deny"}"#
        await #expect(throws: PermissionError.invalidFields([])) {
            try await rooms.policies.apply(
                policies(Self.approve, unknown), version: nil, workspace: workspace.id, origin: .system)
        }
        await #expect(throws: PermissionError.invalidFields([])) {
            try await rooms.policies.apply(
                policies(Self.approve, Self.approve), version: nil, workspace: workspace.id, origin: .system)
        }
        await #expect(throws: PermissionError.policiesChanged()) {
            try await rooms.policies.apply(
                policies(Self.approve), version: version - 1, workspace: workspace.id, origin: .system)
        }
        let after = try await rooms.policies.all(workspace: workspace.id)
        #expect(after.policies == before && after.version == version)
    }

    @Test("of two sets applied at the same time to what both looked at one is applied")
    func race() async throws {
        let version = try await rooms.policies.all(workspace: workspace.id).version
        let outcomes = Recorded<Bool>()
        await withTaskGroup { group in
            for number in 0..<10 {
                group.addTask {
                    let text = Self.deny.replacing("no", with: "no \(number)")
                    let applied = try? await rooms.policies.apply(
                        policies(text), version: version, workspace: workspace.id, origin: .system)
                    outcomes.append(applied != nil)
                }
            }
        }
        #expect(outcomes.all.filter { $0 }.count == 1 && outcomes.all.count == 10)
        #expect(try await rooms.policies.all(workspace: workspace.id).policies.count == 1)
    }

    @Test("of rules that nothing else orders, those of a set decide in its order, and later ones after earlier ones")
    func order() async throws {
        let narrow =
            #"{"name":"a","conditions":{"action":{"equals":"x.y"}},"action":"auto_approve","scopeTemplate":{"max_amount":1}}"#
        let wide =
            #"{"name":"b","conditions":{"action":{"endsWith":".y"}},"action":"auto_approve","scopeTemplate":{"max_amount":9}}"#
        let caller = try await rooms.agentCaller(workspace)
        for (first, second, amount) in [(narrow, wide, 1.0), (wide, narrow, 9.0)] {
            _ = try await rooms.policies.apply(
                policies(first, second), version: nil, workspace: workspace.id, origin: .system)
            #expect(try await decide(caller).granted?.value()["max_amount"]?.double == amount)
        }
    }

    @Test("(9) (24) what would approve more than meant, or is misspelt, is refused and nothing is stored")
    func refused() async throws {
        for document in [
            #"{"name":"x","conditions":{},"action":"auto_approve"}"#,
            #"{"name":"x","conditions":{"action":{"equal":"a.b"}},"action":"auto_approve"}"#,
            #"{"name":"x","conditions":{"context.reason":{"equals":"y"}},"action":"auto_approve"}"#,
            #"{"name":"x","conditions":{"resource":{"matches":"("}},"action":"deny"}"#,
        ] {
            await #expect(throws: PolicyError.self) { try await rooms.policy(document, workspace) }
        }
        #expect(try await rooms.policies.all(workspace: workspace.id).policies.isEmpty)
    }

    @Test("(9) a rule that can never decide, because an earlier one always does, is refused in every way")
    func unreachable() async throws {
        let all = #"{"name":"all","priority":5,"conditions":{},"action":"deny"}"#
        let high = #"{"name":"high","priority":9,"conditions":{"action":{"equals":"x.y"}},"action":"auto_approve"}"#
        try await rooms.policy(all, workspace)
        let stored = try await rooms.policy(high, workspace)
        await #expect(throws: PermissionError.invalidFields([])) { try await rooms.policy(Self.approve, workspace) }
        let low = try PermissionRooms.policy(Self.approve)
        await #expect(throws: PermissionError.invalidFields([])) {
            try await rooms.policies.change(stored.id, workspace: workspace.id, origin: .system) { _ in low }
        }
        await #expect(throws: PermissionError.invalidFields([])) {
            try await rooms.policies.apply(
                policies(all, Self.approve), version: nil, workspace: workspace.id, origin: .system)
        }
        // One that puts others out of force may be meant: an operator stops everything for a while.
        try await rooms.policy(#"{"name":"stop","always":true,"conditions":{},"action":"deny"}"#, workspace)
    }

    @Test("replaying hands out the live requests of a time, with what was decided and the rates of that moment")
    func recorded() async throws {
        let policy = try await rooms.policy(Self.approve, workspace)
        let (caller, test) = (
            try await rooms.agentCaller(workspace), try await rooms.agentCaller(workspace, mode: .test)
        )
        _ = try await decide(caller)
        rooms.time.advance(seconds: 1_800)
        let since = rooms.now
        for _ in 0..<2 {
            _ = try await decide(caller)
            rooms.time.advance(seconds: 1)
        }
        _ = try await rooms.requests.request(
            PermissionRooms.wish("a.b", resource: "r", scope: #"{"max_amount":5}"#, context: #"{"k":1}"#), for: caller)
        _ = try await decide(test)
        var seen: [RecordedRequest] = []
        let count = try await rooms.policies.forEachRecordedRequest(since: since, workspace: workspace.id) {
            seen.append($0)
        }
        #expect(count == 3 && seen.map(\.action) == [.autoApprove, .autoApprove, .requireApproval])
        #expect(seen.map(\.facts.requestsInLastHour) == [1, 2, 0] && seen[0].policy?.id == policy.id)
        #expect(seen[2].facts.resource == "r" && seen[2].facts.context["k"]?.double == 1)
        #expect(seen[2].facts.scope.value["max_amount"]?.double == 5)
    }

    @Test("every change of the policies is in the audit")
    func audited() async throws {
        let stored = try await rooms.policy(Self.approve, workspace)
        let deny = try PermissionRooms.policy(Self.deny)
        _ = try await rooms.policies.change(stored.id, workspace: workspace.id, origin: .system) { _ in deny }
        _ = try await rooms.policies.apply(
            policies(Self.approve), version: nil, workspace: workspace.id, origin: .system)
        let trail = try await rooms.auditTrail(workspace).filter { $0.hasPrefix("polic") }
        #expect(
            trail == [
                "policy.created done version=1", "policy.changed done version=2", "policy.created done version=1",
                "policy.deleted done version=2", "policies.applied done 1 created, 0 changed, 1 deleted",
            ])
    }
}
