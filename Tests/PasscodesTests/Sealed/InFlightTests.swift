import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Codes in flight")
struct InFlightTests {
    private static func fill(
        _ installation: Installation, _ workspace: Workspace, to contact: String = Installation.number,
        mode: ChallengeMode = .live
    ) async throws -> [SealedDispatch] {
        var dispatches: [SealedDispatch] = []
        for flow in [SealedFlow.turnkey, .countersign, .turnkey] {
            dispatches.append(try await installation.sendSealed(workspace, to: contact, flow: flow, mode: mode))
        }
        return dispatches
    }

    @Test("a contact has three live codes at most, whichever the flow, and the error says when one ends")
    func fourthIsRefused() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        _ = try await Self.fill(installation, workspace)
        installation.time.advance(seconds: 100)
        for flow in SealedFlow.allCases {
            do {
                try await installation.sendSealed(workspace, flow: flow)
                Issue.record("the fourth code was sent")
            } catch let error as PasscodeError {
                #expect(error == .tooManyInFlight(retryAfter: 0))
                #expect(error.retryAfter == 200)
            }
        }
        #expect(installation.mail.codes.count == 3)
        #expect(try await installation.directory.usedQuota(workspace.id) == 3)
        installation.time.advance(seconds: 200)
        _ = try await Self.fill(installation, workspace)
    }

    @Test("exactly three are made, however many are asked for at the same time")
    func race() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let made = try await atOnce(20) { _ in (try? await installation.sendSealed(workspace)) != nil }
        #expect(made.count { $0 } == 3)
        #expect(installation.mail.codes.count == 3)
    }

    @Test("what was verified or locked makes room")
    func room() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatches = try await Self.fill(installation, workspace)
        let code = try installation.code(of: dispatches[0])
        #expect(try await installation.verifySealed(dispatches[0], code: code, workspace) == .verified)
        for _ in 0..<3 { _ = try await installation.verifySealed(dispatches[2], code: "0", workspace) }
        _ = try await installation.sendSealed(workspace)
        _ = try await installation.sendSealed(workspace)
        await #expect(throws: PasscodeError.tooManyInFlight(retryAfter: 1)) {
            try await installation.sendSealed(workspace)
        }
    }

    @Test("another contact, another workspace, the other mode and plain codes have room of their own")
    func apart() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let other = try await installation.workspace()
        _ = try await Self.fill(installation, workspace)
        _ = try await Self.fill(installation, workspace, to: "a@example.org")
        _ = try await Self.fill(installation, other)
        _ = try await Self.fill(installation, workspace, mode: .test)
        await #expect(throws: PasscodeError.tooManyInFlight(retryAfter: 1)) {
            try await installation.sendSealed(workspace, mode: .test)
        }
        try await installation.send(workspace)
    }
}
