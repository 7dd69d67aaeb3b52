import Fixtures
import Testing
import Workspaces

@Suite("Visitors")
struct VisitorTests {
    private func configuration(_ workspace: Workspace) -> String {
        WorkspaceUUID.authProxyConfiguration.text(for: workspace.id)
    }

    @Test("a workspace is found by its auth proxy's configuration, in the database and in memory")
    func configurationFinds() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        for _ in 0..<2 {
            #expect(
                try await installation.directory.workspace(authProxyConfiguration: configuration(workspace))
                    == workspace)
        }
    }

    @Test("an organization, an invention and the configuration of a workspace that is not there find nothing")
    func unknownConfigurations() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let nobody = WorkspaceUUID.authProxyConfiguration.text(for: "ws_" + String(repeating: "a", count: 20))
        let organization = WorkspaceUUID.organization.text(for: workspace.id)
        for text in ["", "nonsense", workspace.id, organization, nobody] {
            await #expect(throws: WorkspaceError.notFound("")) {
                try await installation.directory.workspace(authProxyConfiguration: text)
            }
        }
    }

    @Test("an auth proxy that is switched off is not found by the next request, and found again when it is on")
    func switchedOff() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let directory = installation.directory
        let configuration = configuration(workspace)
        _ = try await directory.workspace(authProxyConfiguration: configuration)
        _ = try await directory.update(workspace.id, origin: .system) { $0.settings.authProxy = false }
        await #expect(throws: WorkspaceError.notFound("")) {
            try await directory.workspace(authProxyConfiguration: configuration)
        }
        _ = try await directory.update(workspace.id, origin: .system) { $0.settings.authProxy = true }
        _ = try await directory.workspace(authProxyConfiguration: configuration)
    }

    @Test("a changed setting reaches visitors at once")
    func settingsReachVisitors() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let configuration = configuration(workspace)
        _ = try await installation.directory.workspace(authProxyConfiguration: configuration)
        _ = try await installation.directory.update(workspace.id, origin: .system) { $0.settings.visitorLimit = 7 }
        let found = try await installation.directory.workspace(authProxyConfiguration: configuration)
        #expect(found.settings.visitorLimit == 7)
    }

    @Test("an origin counts exactly as it is listed, for as long as it is listed where visitors are let in")
    func origins() async throws {
        let installation = try await Installation()
        let directory = installation.directory
        let one = try await installation.workspace()
        let two = try await installation.workspace()
        func allows(_ origin: String) async throws -> Bool { try await directory.someWorkspaceAllows(origin: origin) }
        #expect(try await !allows("https://a.example.com"))
        _ = try await directory.update(one.id, origin: .system) {
            $0.settings.allowedOrigins = ["https://a.example.com"]
        }
        _ = try await directory.update(two.id, origin: .system) {
            $0.settings.allowedOrigins = ["https://b.example.com"]
        }
        for origin in ["https://a.example.com", "https://b.example.com"] { #expect(try await allows(origin)) }
        for other in ["https://a.example.com:8443", "http://a.example.com", "https://A.example.com", "null", ""] {
            #expect(try await !allows(other))
        }
        _ = try await directory.update(two.id, origin: .system) { $0.settings.authProxy = false }
        #expect(try await !allows("https://b.example.com"))
        _ = try await directory.update(one.id, origin: .system) { $0.settings.allowedOrigins = [] }
        #expect(try await !allows("https://a.example.com"))
    }

    @Test("exactly the limit of one network passes, however many ask at the same time, and the refusal names it")
    func limitRace() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.visitorLimit = 10 }
        let refusals = await withTaskGroup(of: WorkspaceError?.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    do throws(WorkspaceError) {
                        try await installation.visitorLimit.take(network: "192.0.2.0/24", from: workspace)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: [WorkspaceError]()) { if let refusal = $1 { $0.append(refusal) } }
        }
        #expect(refusals.count == 30)
        #expect(refusals.allSatisfy { $0.code == .rateLimited && $0.policy?.uses == 10 && $0.retryAfter == 6 })
    }

    @Test("networks and workspaces have limits of their own, and a minute makes a limit whole")
    func limitsAreApart() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.visitorLimit = 2 }
        let other = try await installation.workspace { $0.visitorLimit = 2 }
        func take(_ network: String, _ workspace: Workspace) async throws {
            try await installation.visitorLimit.take(network: network, from: workspace)
        }
        for _ in 0..<2 { try await take("192.0.2.0/24", workspace) }
        await #expect(throws: WorkspaceError.rateLimited(by: "", retryAfter: 0)) {
            try await take("192.0.2.0/24", workspace)
        }
        try await take("198.51.100.0/24", workspace)
        try await take("192.0.2.0/24", other)
        installation.time.advance(seconds: 60)
        for _ in 0..<2 { try await take("192.0.2.0/24", workspace) }
    }

    @Test("a limit of zero limits nobody")
    func noLimit() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.visitorLimit = 0 }
        for _ in 0..<200 { try await installation.visitorLimit.take(network: "192.0.2.0/24", from: workspace) }
    }

    @Test("where the store cannot answer, no visitor passes")
    func failsClosed() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        await installation.database.close()
        await #expect(throws: WorkspaceError.unavailable("")) {
            try await installation.visitorLimit.take(network: "192.0.2.0/24", from: workspace)
        }
        await #expect(throws: WorkspaceError.unavailable("")) {
            try await installation.directory.someWorkspaceAllows(origin: "https://a.example.com")
        }
    }
}
