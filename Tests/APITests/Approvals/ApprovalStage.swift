import EnclaveLink
import Fixtures
import HTTPServer
import JOSE
import Permissions
import Policies
import Testing
import Workspaces

/// An agent that asks, and Anna, who decides.
struct ApprovalStage {
    let server: TestServer
    let anna: Approver
    let agent: Agent
    let agentKey: String

    init(
        mode: ChallengeMode = .live, agentName: String = "Robot", originator: String? = nil,
        _ change: @escaping @Sendable (inout WorkspaceSettings) -> Void = { _ in }
    ) async throws {
        server = try await TestServer(change)
        anna = try await Self.approver("Anna", in: server)
        let created = try await server.permissions.agents.create(
            AgentProfile(name: agentName, originator: originator, rateLimit: 1_000_000),
            workspace: server.workspace.id, mode: mode, origin: .system)
        agent = created.agent
        agentKey = created.key.secret.text
    }

    private static func approver(
        _ name: String, in server: TestServer, isActive: Bool = true, workspace: Workspace? = nil
    ) async throws -> Approver {
        let address = try #require(EmailAddress("\(name.filter(\.isASCII).lowercased())@example.com"))
        return try await server.permissions.approvers.create(
            name: name, address: address, isActive: isActive, workspace: (workspace ?? server.workspace).id,
            origin: .system)
    }

    /// One more person, `name@example.com`.
    @discardableResult
    func approver(_ name: String, isActive: Bool = true, workspace: Workspace? = nil) async throws -> Approver {
        try await Self.approver(name, in: server, isActive: isActive, workspace: workspace)
    }

    /// Stores a policy for all requests; `demand` are further members.
    func policy(action: String = "require_approval", _ demand: String = "") async throws {
        let document = #"{"name":"all","conditions":{},"action":"\#(action)"\#(demand)}"#
        _ = try await server.permissions.policies.create(
            Policy(reading: JSONValue(parsing: Array(document.utf8))), workspace: server.workspace.id, origin: .system)
    }

    /// What the agent asks for: the answer of the dialect.
    func ask(
        _ action: String = "bank.transfer", scope: String = "{}", context: String = "{}", resource: String = "account"
    ) async -> TestServer.Answer {
        await server.call(
            .POST, "/api/v1/permissions/request", key: agentKey,
            body: """
                {"action":"\(action)","resource":\(JSONValue.string(resource)),"scope":\(scope),"context":\(context)}
                """)
    }

    /// A request that waits for people.
    func pending(scope: String = "{}", context: String = "{}", resource: String = "account") async throws -> String {
        let answer = await ask(scope: scope, context: context, resource: resource)
        let id = try #require(answer.json?["data"]?["id"]?.text, "\(answer.text)")
        #expect(answer.json?["data"]?["approvalUrl"]?.text == "\(Installation.issuer)/approve/\(id)")
        return id
    }

    /// The permission as it stands.
    func permission(_ id: String) async throws -> Permission {
        try await server.permissions.requests.permission(id, workspace: server.workspace.id)
    }

    /// What the agent that asked is told.
    func told(_ id: String) async -> JSONValue? {
        await server.call(.GET, "/api/v1/permissions/\(id)", key: agentKey).json?["data"]
    }

    var now: Int64 { server.installation.time.now.unixMilliseconds }
    func pass(seconds: Int) { server.installation.time.advance(seconds: seconds) }

    /// The codes that were sent, once all are.
    func codes(to address: String = "anna@example.com") async -> [String] {
        #expect(await server.installation.challenges.drain(within: .seconds(60)) == 0)
        return server.installation.mail.messages.filter { $0.contact.value == address }.map(\.code)
    }

    /// A browser that asked for a code.
    func asking(_ id: String, as address: String = "anna@example.com") async -> ApprovalBrowser {
        var browser = ApprovalBrowser(server)
        await browser.open(id)
        await browser.submit("address", ["address": address])
        return browser
    }

    /// A browser before which somebody sits who entered their code.
    func proven(_ id: String, as address: String = "anna@example.com") async throws -> ApprovalBrowser {
        var browser = await asking(id, as: address)
        await browser.submit("code", ["code": try #require(await codes(to: address).last)])
        return browser
    }

    func auditTrail() async throws -> [String] { try await server.installation.auditTrail(server.workspace) }
}
