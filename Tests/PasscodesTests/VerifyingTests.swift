import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Verifying")
struct VerifyingTests {
    @Test("a code verifies once; the second correct attempt answers like a wrong code")
    func verifiesOnce() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace)
        let code = try #require(installation.mail.codes.first)
        #expect(try await installation.verify(code: code, workspace) == .verified)
        #expect(try await installation.verify(code: code, workspace) == .refused(.invalidCode, remaining: 3))
    }

    @Test("a code verifies once, however many try at the same time")
    func parallelCorrectAttempts() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace)
        let code = try #require(installation.mail.codes.first)
        let results = try await Self.parallel(50) { try await installation.verify(code: code, workspace) }
        #expect(results.count { $0 == .verified } == 1)
    }

    @Test("of 50 wrong attempts at the same time five are counted, and the right code no longer verifies")
    func parallelWrongAttempts() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace)
        let code = try #require(installation.mail.codes.first)
        let wrong = installation.wrong(code)
        let results = try await Self.parallel(50) { try await installation.verify(code: wrong, workspace) }
        let counted = results.compactMap { if case .refused(.invalidCode, let left) = $0 { left } else { nil } }
        #expect(counted.sorted() == [0, 1, 2, 3, 4])
        #expect(results.count { $0 == .refused(.tooManyAttempts, remaining: nil) } == 45)
        #expect(try await installation.verify(code: code, workspace) == .refused(.tooManyAttempts, remaining: nil))
    }

    @Test("a contact to which nothing was sent counts down and locks like one with a code")
    func unknownContactLooksTheSame() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace)
        let wrong = installation.wrong(try #require(installation.mail.codes.first))
        for attempt in 1...8 {
            let known = try await installation.verify(code: wrong, workspace)
            let unknown = try await installation.verify("+4915187654321", code: wrong, workspace)
            #expect(known == unknown, "attempt \(attempt)")
        }
        installation.time.advance(seconds: 601)
        #expect(
            try await installation.verify(code: wrong, workspace)
                == installation.verify("+4915187654321", code: wrong, workspace))
    }

    @Test("asking about a contact before a code is sent costs its owner nothing")
    func earlyGuessesDoNotCount() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        for _ in 0..<6 { _ = try await installation.verify(code: "000001", workspace) }
        try await installation.send(workspace)
        let code = try #require(installation.mail.codes.first)
        #expect(
            try await installation.verify(code: installation.wrong(code), workspace)
                == .refused(.invalidCode, remaining: 4))
        #expect(try await installation.verify(code: code, workspace) == .verified)
    }

    @Test("a code is valid for exactly ten minutes")
    func expires() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace)
        try await installation.send(workspace, to: "b@example.com")
        let codes = installation.mail.codes
        installation.time.advance(seconds: 599)
        #expect(try await installation.verify(code: codes[0], workspace) == .verified)
        installation.time.advance(seconds: 1)
        #expect(
            try await installation.verify("b@example.com", code: codes[1], workspace)
                == .refused(.codeExpired, remaining: nil))
    }

    @Test("a later change of settings does not reach a challenge that was made before")
    func policyIsFixed() async throws {
        let installation = try await Installation()
        let before = try await installation.workspace()
        try await installation.send(before)
        let after = try await installation.directory.update(before.id, origin: .system) {
            $0.settings.codeLifetimeSeconds = 1
            $0.settings.codeAlphabet = .base32
        }
        installation.time.advance(seconds: 300)
        let code = try #require(installation.mail.codes.first)
        #expect(try await installation.verify(code: code, after) == .verified)
    }

    @Test("a code of another workspace does not verify")
    func workspacesAreApart() async throws {
        let installation = try await Installation()
        let one = try await installation.workspace()
        let other = try await installation.workspace()
        try await installation.send(one)
        let code = try #require(installation.mail.codes.first)
        #expect(try await installation.verify(code: code, other) == .refused(.invalidCode, remaining: 4))
        #expect(try await installation.verify(code: code, one) == .verified)
    }

    @Test("a code made before the enclave's boot is refused with a code of its own, and a new one can be sent")
    func restartGivesNoGuesses() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace)
        let code = try #require(installation.mail.codes.first)
        try await installation.restartEnclave()
        #expect(
            try await installation.verify(code: code, workspace) == .refused(.madeBeforeRestart, remaining: nil))
        installation.time.advance(seconds: 60)
        try await installation.send(workspace)
        let fresh = try #require(installation.mail.codes.last)
        #expect(try await installation.verify(code: fresh, workspace) == .verified)
    }

    @Test("after 100 wrong codes in a row, over many challenges, a contact is closed for a day")
    func consecutiveFailures() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace(Self.unlimited)
        try await Self.fail(20, times: 5, installation, workspace)
        await #expect(throws: PasscodeError.tooManyAttempts(retryAfter: 1)) { try await installation.send(workspace) }
        installation.time.advance(seconds: 86_400 + 601)
        _ = try await installation.send(workspace)
    }

    @Test("a contact that was closed for a day has all its attempts again, whether or not old rows were pruned")
    func closedContactOpensAgain() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace(Self.unlimited)
        try await Self.fail(20, times: 5, installation, workspace)
        installation.time.advance(seconds: 2 * 86_400 + 601)
        try await installation.send(workspace)
        let code = try #require(installation.mail.codes.last)
        #expect(
            try await installation.verify(code: installation.wrong(code), workspace)
                == .refused(.invalidCode, remaining: 4))
        #expect(try await installation.verify(code: code, workspace) == .verified)
    }

    @Test("a code that was used answers like a wrong one after a restart too")
    func usedCodeAfterRestart() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.send(workspace)
        let code = try #require(installation.mail.codes.first)
        #expect(try await installation.verify(code: code, workspace) == .verified)
        try await installation.restartEnclave()
        #expect(try await installation.verify(code: code, workspace) == .refused(.invalidCode, remaining: 3))
    }

    @Test("guesses in test mode use up nothing in live mode")
    func modesAreApart() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        for _ in 0..<6 { _ = try await installation.verify(code: "1", workspace, mode: .test) }
        #expect(try await installation.verify(code: "1", workspace) == .refused(.invalidCode, remaining: 4))
    }

    @Test("what ended a day ago is pruned, all of it in one go")
    func prunes() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        for position in 0..<1_200 {
            try await installation.send(workspace, to: "a\(position)@example.com", mode: .test)
        }
        installation.time.advance(seconds: 86_400 + 601)
        try await installation.send(workspace, mode: .test)
        try await installation.challenges.prune()
        let left = try await installation.database.read {
            try $0.row("SELECT COUNT(*) FROM challenge", [])?.integer(0)
        }
        #expect(left == 1)
    }

    @Test("a success ends a row of wrong codes")
    func successResetsFailures() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace(Self.unlimited)
        for _ in 0..<30 {
            try await installation.send(workspace)
            let code = try #require(installation.mail.codes.last)
            for _ in 0..<4 { _ = try await installation.verify(code: installation.wrong(code), workspace) }
            #expect(try await installation.verify(code: code, workspace) == .verified)
        }
    }

    private static let unlimited: @Sendable (inout WorkspaceSettings) -> Void = {
        $0.cooldownSeconds = 0
        $0.recipientLimit = 0
    }

    /// Sends `challenges` codes and enters a wrong one `times` times for each.
    private static func fail(
        _ challenges: Int, times: Int, _ installation: Installation, _ workspace: Workspace
    ) async throws {
        for _ in 0..<challenges {
            try await installation.send(workspace)
            let wrong = installation.wrong(try #require(installation.mail.codes.last))
            for _ in 0..<times { _ = try await installation.verify(code: wrong, workspace) }
        }
    }

    static func parallel(
        _ count: Int, _ attempt: @escaping @Sendable () async throws -> VerificationResult
    ) async throws -> [VerificationResult] {
        try await withThrowingTaskGroup(of: VerificationResult.self) { group in
            for _ in 0..<count { group.addTask { try await attempt() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
