import Fixtures
import Permissions
import Testing
import Workspaces

@Suite("Two approvers, and numbers")
struct ApproverTests {
    let rooms: PermissionRooms
    let workspace: Workspace

    init() async throws {
        rooms = try await PermissionRooms()
        workspace = try await rooms.workspace()
    }

    private func demand(_ members: String) async throws {
        try await rooms.policy(
            #"{"name":"careful","conditions":{},"action":"require_approval",\#(members)}"#, workspace)
    }

    private func ask(_ caller: AgentCaller, scope: String = "{}") async throws -> Permission {
        try await rooms.requests.request(PermissionRooms.wish(scope: scope), for: caller).permission
    }

    private func approve(
        _ permission: Permission, _ approver: ApproverCaller, number: String? = nil, scope: String? = nil
    ) async throws -> Permission {
        try await rooms.requests.decide(
            permission.id,
            PermissionDecision(
                approved: true, scopeModifications: try scope.map(PermissionRooms.json), number: number), by: approver)
    }

    @Test("two people approve, and neither twice")
    func twoPeople() async throws {
        try await demand(#""approvers":2"#)
        let (anna, ben) = (try await rooms.approver(workspace), try await rooms.approver(workspace, "ben"))
        let asked = try await ask(rooms.agentCaller(workspace), scope: #"{"max_amount":100}"#)
        #expect(try await approve(asked, anna, scope: #"{"max_amount":70}"#).status == .pending)
        await #expect(throws: PermissionError.approvedBefore()) { try await approve(asked, anna) }
        let granted = try await approve(asked, ben, scope: #"{"max_amount":90}"#)
        #expect(granted.status == .approved && granted.decision?.by == [anna.name, ben.name])
        #expect(try granted.granted?.value()["max_amount"]?.double == 70)
        #expect(rooms.outbox.kinds == [.requested, .seconded, .approved])
    }

    @Test("of any number of first approvals at the same time by two people exactly two count")
    func atTheSameTime() async throws {
        try await demand(#""approvers":2"#)
        let people = [try await rooms.approver(workspace), try await rooms.approver(workspace, "ben")]
        let asked = try await ask(rooms.agentCaller(workspace))
        let counted = Recorded<PermissionStatus>()
        await withTaskGroup { group in
            for number in 0..<20 {
                group.addTask {
                    if let seen = try? await approve(asked, people[number % 2]) { counted.append(seen.status) }
                }
            }
        }
        #expect(counted.all.sorted { $0.rawValue < $1.rawValue } == [.approved, .pending])
    }

    @Test("one person with two keys is one person")
    func twoKeys() async throws {
        try await demand(#""approvers":2"#)
        let anna = try await rooms.approver(workspace)
        let person = try #require(anna.person)
        let second = try await rooms.approvers.createKey(
            for: person, role: .operator, workspace: workspace.id, origin: .system)
        let asked = try await ask(rooms.agentCaller(workspace))
        _ = try await approve(asked, anna)
        let again = try await rooms.caller(second.secret.text).approver()
        await #expect(throws: PermissionError.approvedBefore()) { try await approve(asked, again) }
    }

    @Test("an approval that was refused for its changes is none of the two")
    func refusedChanges() async throws {
        try await demand(#""approvers":2"#)
        let (anna, ben) = (try await rooms.approver(workspace), try await rooms.approver(workspace, "ben"))
        let caller = try await rooms.agentCaller(workspace)
        let asked = try await rooms.requests.request(PermissionRooms.wish(format: .jwt), for: caller).permission
        let names = (0..<200).map { "\"\($0)\(String(repeating: "x", count: 100))\"" }.joined(separator: ",")
        await #expect(throws: PermissionError.invalidFields([])) {
            try await approve(asked, anna, scope: "{\"allowed_accounts\":[\(names)]}")
        }
        #expect(try await approve(asked, ben).status == .pending)
        #expect(try await approve(asked, anna).status == .approved)
    }

    @Test("a first approval ends with its approver, and where they turn out to stand behind the agent")
    func firstNoLongerCounts() async throws {
        try await demand(#""approvers":2"#)
        let (anna, ben) = (try await rooms.approver(workspace), try await rooms.approver(workspace, "ben"))
        let (carol, dora) = (try await rooms.approver(workspace, "carol"), try await rooms.approver(workspace, "dora"))
        let created = try await rooms.agent(workspace)
        let asked = try await ask(rooms.caller(created.key.secret.text).agent())
        _ = try await approve(asked, anna)
        try await rooms.approvers.setActive(false, #require(anna.person), workspace: workspace.id, origin: .system)
        #expect(try await approve(asked, ben).status == .pending)
        _ = try await rooms.agents.update(created.agent.id, workspace: workspace.id, origin: .system) {
            $0.originator = ben.person ?? ""
        }
        #expect(try await approve(asked, carol).status == .pending)
        let granted = try await approve(asked, dora)
        #expect(granted.status == .approved && granted.decision?.by.count == 2)
    }

    @Test("the person behind the agent is none of the two, whatever the agent's context says")
    func originator() async throws {
        try await demand(#""approvers":2"#)
        let anna = try await rooms.approver(workspace)
        let agent = try await rooms.agentCaller(workspace) { $0.originator = "anna@example.com" }
        let asked = try await ask(agent)
        await #expect(throws: PermissionError.approverIsOriginator()) { try await approve(asked, anna) }
        #expect(
            try await rooms.auditTrail(workspace).last == "permission.decided refused approverIsOriginator")
    }

    @Test("a key that does not say whose it is counts as nobody where two people are asked for")
    func unidentified() async throws {
        try await demand(#""approvers":2"#)
        let key = try await rooms.installation.keys.create(
            workspace: workspace.id, kind: .operator, name: "", origin: .system)
        let administrator = try await rooms.caller(key.secret.text).approver()
        let asked = try await ask(rooms.agentCaller(workspace))
        await #expect(throws: PermissionError.approverUnidentified()) { try await approve(asked, administrator) }
    }

    @Test("the approver types the number that the asking side shows")
    func numbers() async throws {
        try await demand(#""numberMatching":true"#)
        let anna = try await rooms.approver(workspace)
        let asked = try await ask(rooms.agentCaller(workspace))
        let number = try #require(asked.matchNumber)
        #expect(number.wholeMatch(of: /[0-9]{2}/) != nil)
        await #expect(throws: PermissionError.numberMissing()) { try await approve(asked, anna) }
        await #expect(throws: PermissionError.numberWrong()) {
            try await approve(asked, anna, number: number == "00" ? "01" : "00")
        }
        #expect(try await approve(asked, anna, number: number).status == .approved)
    }

    @Test("a number that is guessed at denies the request the third time, for the right number too")
    func guessedNumbers() async throws {
        try await demand(#""numberMatching":true"#)
        let anna = try await rooms.approver(workspace)
        let asked = try await ask(rooms.agentCaller(workspace))
        let number = try #require(asked.matchNumber)
        for _ in 0..<3 {
            await #expect(throws: PermissionError.numberWrong()) { try await approve(asked, anna, number: "x") }
        }
        await #expect(throws: PermissionError.alreadyDecided()) { try await approve(asked, anna, number: number) }
        let seen = try await rooms.requests.permission(asked.id, workspace: workspace.id)
        #expect(seen.status == .denied)
    }

    @Test("on the page too, and there as often as anywhere")
    func page() async throws {
        try await demand(#""numberMatching":true"#)
        let anna = try await rooms.approver(workspace)
        let onPage = ApproverCaller(
            workspace: workspace, role: .approver, person: anna.person, channel: .page, origin: anna.origin)
        let asked = try await ask(rooms.agentCaller(workspace))
        await #expect(throws: PermissionError.numberMissing()) { try await approve(asked, onPage) }
        await #expect(throws: PermissionError.numberWrong()) { try await approve(asked, onPage, number: "x") }
        let seen = try await approve(asked, onPage, number: asked.matchNumber)
        #expect(seen.status == .approved && seen.decision?.channel == .page)
    }
}

@Suite("Keys of approvers")
struct ApproverKeyTests {
    @Test("nobody who is switched off gets a key, and no key belongs to an address")
    func holders() async throws {
        let rooms = try await PermissionRooms()
        let workspace = try await rooms.workspace()
        let person = try await rooms.approvers.create(
            name: "Anna", address: try rooms.address("anna"), workspace: workspace.id, origin: .system)
        await #expect(throws: PermissionError.notFound("")) {
            try await rooms.approvers.createKey(for: "anna@example.com", workspace: workspace.id, origin: .system)
        }
        try await rooms.approvers.setActive(false, person.id, workspace: workspace.id, origin: .system)
        await #expect(throws: PermissionError.invalidFields([])) {
            try await rooms.approvers.createKey(for: person.id, workspace: workspace.id, origin: .system)
        }
    }
}
