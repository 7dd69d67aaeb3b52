import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("A hundred wrong sealed codes")
struct ContactClosureTests {
    /// Enters wrong codes until a contact is closed: 33 challenges of three attempts, and one of one.
    static func close(_ installation: Installation, _ workspace: Workspace) async throws {
        try await fail(100, installation, workspace)
    }

    private static func fail(_ count: Int, _ installation: Installation, _ workspace: Workspace) async throws {
        var left = count
        while left > 0 {
            let dispatch = try await installation.sendSealed(workspace)
            for _ in 0..<min(3, left) {
                _ = try await installation.verifySealed(dispatch, code: "000000000", workspace)
            }
            left -= 3
        }
        // What the last challenge had left of its life.
        installation.time.advance(seconds: 300)
    }

    private static func unlimited(_ installation: Installation) async throws -> Workspace {
        try await installation.workspace { $0.recipientLimit = 0 }
    }

    @Test("in a row close a contact for a day, and then it is open again")
    func closes() async throws {
        let installation = try await Installation()
        let workspace = try await Self.unlimited(installation)
        try await Self.close(installation, workspace)
        do {
            try await installation.sendSealed(workspace)
            Issue.record("a code was sent to a closed contact")
        } catch let error as PasscodeError {
            #expect(error == .contactClosed(retryAfter: 0))
            #expect(error.retryAfter == 86_400 - 300)
        }
        installation.time.advance(seconds: 86_400 - 301)
        await #expect(throws: PasscodeError.contactClosed(retryAfter: 1)) {
            try await installation.sendSealed(workspace)
        }
        installation.time.advance(seconds: 1)
        let dispatch = try await installation.sendSealed(workspace)
        for left in [2, 1] {
            #expect(
                try await installation.verifySealed(dispatch, code: "000000000", workspace)
                    == .refused(.invalidCode, remaining: left))
        }
    }

    @Test("ninety-nine do not, and a success ends the row")
    func successEndsTheRow() async throws {
        let installation = try await Installation()
        let workspace = try await Self.unlimited(installation)
        for _ in 0..<2 {
            try await Self.fail(99, installation, workspace)
            let dispatch = try await installation.sendSealed(workspace)
            let code = try installation.code(of: dispatch)
            #expect(try await installation.verifySealed(dispatch, code: code, workspace) == .verified)
        }
    }

    @Test(
        "make the codes that are still in flight worthless, which looks like three more wrong codes, also where the enclave remembers fewer",
        arguments: [false, true])
    func codesInFlight(restarts: Bool) async throws {
        let installation = try await Installation()
        let workspace = try await Self.unlimited(installation)
        try await Self.fail(60, installation, workspace)
        if restarts { try await installation.restartEnclave() }
        try await Self.fail(39, installation, workspace)
        let early = try await installation.sendSealed(workspace)
        let last = try await installation.sendSealed(workspace)
        _ = try await installation.verifySealed(last, code: "000000000", workspace)
        let code = try installation.code(of: early)
        for left in [2, 1, 0] {
            #expect(
                try await installation.verifySealed(early, code: code, workspace)
                    == .refused(.invalidCode, remaining: left))
        }
        #expect(
            try await installation.verifySealed(early, code: code, workspace)
                == .refused(.tooManyAttempts, remaining: nil))
    }

    @Test("are counted over restarts of the enclave, whose own memory is gone")
    func overRestarts() async throws {
        let installation = try await Installation()
        let workspace = try await Self.unlimited(installation)
        try await Self.fail(60, installation, workspace)
        try await installation.restartEnclave()
        try await Self.fail(40, installation, workspace)
        try await installation.restartEnclave()
        await #expect(throws: PasscodeError.contactClosed(retryAfter: 1)) {
            try await installation.sendSealed(workspace)
        }
    }

    @Test("close one contact of one workspace, and for live codes only")
    func apart() async throws {
        let installation = try await Installation()
        let workspace = try await Self.unlimited(installation)
        try await Self.close(installation, workspace)
        try await installation.sendSealed(workspace, to: "a@example.org")
        try await installation.sendSealed(workspace, mode: .test)
        try await installation.sendSealed(try await installation.workspace())
    }

    @Test("entered at decoys close nothing: who is refused must not be able to close the contact for its owner")
    func decoysCloseNothing() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.recipientLimit = 1 }
        try await installation.sendSealed(workspace)
        for _ in 0..<40 {
            let decoy = try await installation.sendSealed(workspace, asker: .visitor)
            for left in [2, 1, 0] {
                #expect(
                    try await installation.verifySealed(decoy, code: "000000000", workspace)
                        == .refused(.invalidCode, remaining: left))
            }
        }
        installation.time.advance(seconds: 3_600)
        let dispatch = try await installation.sendSealed(workspace)
        let code = try installation.code(of: dispatch)
        #expect(try await installation.verifySealed(dispatch, code: code, workspace) == .verified)
    }
}
