import Fixtures
import Passcodes
import Testing

@Suite("Figures of users and sessions")
struct UserCounterTests {
    @Test("each use of a token is counted, and each user and session that came of it")
    func everything() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let counters = installation.users.counters
        let verified = try await installation.prove(workspace)
        _ = try await installation.lookUp(verified, workspace)
        try await installation.signUp(verified, workspace)
        for _ in 1...2 { _ = try? await installation.logIn(verified, workspace) }
        #expect(counters[.used(.lookUp)] == 1 && counters[.failed(.lookUp)] == 0)
        #expect(counters[.used(.signUp)] == 1 && counters[.failed(.signUp)] == 0)
        #expect(counters[.used(.logIn)] == 1 && counters[.failed(.logIn)] == 1)
        #expect(counters[.userMade] == 1 && counters[.sessionOpened] == 1)

        let stranger = try await installation.prove(workspace, contact: "stranger@example.com")
        try await installation.logIn(stranger, workspace)
        #expect(counters[.userMade] == 2, "a login made the user")
    }

    @Test("sessions that end before their time are counted by why")
    func endedSessions() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let counters = installation.users.counters
        var last: OpenedSession?
        for _ in 0..<(Sessions.limit + 2) {
            last = try await installation.logIn(installation.prove(workspace), workspace)
        }
        #expect(counters[.sessionOpened] == Sessions.limit + 2 && counters[.sessionEvicted] == 2)
        let session = try #require(last?.session)
        try await installation.sessions.end(session.id, for: installation.caller(workspace))
        #expect(counters[.sessionEnded] == 1)
        try await installation.logIn(installation.prove(workspace), workspace) { $0.invalidatesExisting = true }
        #expect(counters[.sessionEnded] == Sessions.limit && counters[.sessionEvicted] == 2)
    }

    @Test("test keys are in no figure")
    func testKeys() async throws {
        let installation = try await Installation()
        let workspace = try await installation.unlimitedWorkspace()
        let verified = try await installation.prove(workspace, mode: .test)
        for _ in 1...2 { _ = try? await installation.logIn(verified, workspace, mode: .test) }
        let counters = installation.users.counters
        #expect(
            counters[.used(.logIn)] + counters[.failed(.logIn)] + counters[.userMade] + counters[.sessionOpened] == 0)
        #expect(try await installation.count(.sessions) == 1)
    }
}
