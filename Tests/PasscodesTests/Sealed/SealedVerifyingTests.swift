import EnclaveLink
import Fixtures
import JOSE
import SealedPasscodes
import Testing
import Workspaces

@testable import Passcodes

@Suite("Verifying sealed codes")
struct SealedVerifyingTests {
    @Test("a sealed code is worth a verification token, bound to the client's key", arguments: SealedFlow.allCases)
    func verifies(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.verificationTokenSeconds = 120 }
        let client = try SealedClient()
        let dispatch = try await installation.sendSealed(workspace, flow: flow)
        let verification = try await installation.attempt(
            dispatch, code: try installation.code(of: dispatch), workspace, flow: flow, client: client)
        #expect(verification.expiresAt == installation.time.now.unixMilliseconds + 120_000)
        let claims = try verification.token.claims()
        switch flow {
        case .turnkey:
            #expect(claims["public_key"]?.text == client.key.compressedHexadecimal)
            #expect(claims["organization_id"]?.text == WorkspaceUUID.organization.text(for: workspace.id))
        case .countersign:
            #expect(claims["cnf"]?["jkt"]?.text == client.key.thumbprint)
            #expect(claims["aud"]?.text == workspace.id)
        }
    }

    @Test("a caller chooses the life of the token, a day at most")
    func tokenLifetime() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let client = try SealedClient()
        let dispatch = try await installation.sendSealed(workspace)
        let code = try installation.code(of: dispatch)
        for lifetime in [0, -1, 86_401] {
            await #expect(throws: PasscodeError.workspace(.invalidSetting(""))) {
                try await installation.attempt(
                    dispatch, code: code, workspace, client: client, tokenLifetime: lifetime)
            }
        }
        let verification = try await installation.attempt(
            dispatch, code: code, workspace, client: client, tokenLifetime: 86_400)
        #expect(verification.expiresAt == installation.time.now.unixMilliseconds + 86_400_000)
    }

    @Test("a success that overtakes the answer to the last attempt is told of, and no lock")
    func noLockAfterSuccess() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let client = try SealedClient()
        let dispatch = try await installation.sendSealed(workspace)
        let code = try installation.code(of: dispatch)
        for _ in 0..<2 {
            _ = try await installation.verifySealed(dispatch, code: installation.wrong(code), workspace)
        }
        let database = installation.database
        let overtaken = StagedEnclave(installation.enclave) { _ throws(EnclaveError) in
            try? await database.write {
                _ = try Challenge.takeSealedSuccess(dispatch.identifier, workspace: workspace.id, in: $0)
            }
        }
        await #expect(throws: PasscodeError.invalidCode(remaining: 0)) {
            try await installation.attempt(
                dispatch, code: installation.wrong(code), workspace, client: client,
                through: installation.challenges(asking: overtaken))
        }
        #expect(!installation.changes.kinds.contains(.locked))
    }

    @Test("a wrong code says how many attempts are left, and the third one locks the code")
    func countsDown() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.sendSealed(workspace)
        let code = try installation.code(of: dispatch)
        for left in [2, 1, 0] {
            #expect(
                try await installation.verifySealed(dispatch, code: installation.wrong(code), workspace)
                    == .refused(.invalidCode, remaining: left))
        }
        #expect(
            try await installation.verifySealed(dispatch, code: code, workspace)
                == .refused(.tooManyAttempts, remaining: nil))
    }

    @Test("the third attempt may be the right one")
    func lastAttempt() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.sendSealed(workspace)
        let code = try installation.code(of: dispatch)
        for _ in 0..<2 {
            _ = try await installation.verifySealed(dispatch, code: installation.wrong(code), workspace)
        }
        #expect(try await installation.verifySealed(dispatch, code: code, workspace) == .verified)
        #expect(
            try await installation.verifySealed(dispatch, code: code, workspace)
                == .refused(.codeSpent, remaining: nil))
    }

    @Test("a code verifies once, however many try at the same time", arguments: SealedFlow.allCases)
    func parallelRightAttempts(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.sendSealed(workspace, flow: flow)
        let code = try installation.code(of: dispatch)
        let results = try await atOnce(20) { _ in
            try await installation.verifySealed(dispatch, code: code, workspace, flow: flow)
        }
        #expect(results.count { $0 == .verified } == 1)
        #expect(try await installation.stored(dispatch, workspace)?.state == "verified")
        #expect(
            try await installation.verifySealed(dispatch, code: code, workspace, flow: flow)
                == .refused(.codeSpent, remaining: nil))
    }

    @Test("of 50 wrong attempts at the same time three are counted, and the right code no longer verifies")
    func parallelWrongAttempts() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.sendSealed(workspace)
        let code = try installation.code(of: dispatch)
        let wrong = installation.wrong(code)
        let results = try await atOnce(50) { _ in
            try await installation.verifySealed(dispatch, code: wrong, workspace)
        }
        let counted = results.compactMap { if case .refused(.invalidCode, let left) = $0 { left } else { nil } }
        #expect(counted.sorted() == [0, 1, 2])
        #expect(results.count { $0 == .refused(.tooManyAttempts, remaining: nil) } == 47)
        #expect(
            try await installation.verifySealed(dispatch, code: code, workspace)
                == .refused(.tooManyAttempts, remaining: nil))
    }

    @Test("a right attempt counts although wrong ones lock the code at the same moment")
    func rightAmongWrong() async throws {
        for _ in 0..<10 {
            let installation = try await Installation()
            let workspace = try await installation.workspace()
            let dispatch = try await installation.sendSealed(workspace)
            let code = try installation.code(of: dispatch)
            let results = try await atOnce(3) { position in
                try await installation.verifySealed(
                    dispatch, code: position == 0 ? code : installation.wrong(code), workspace)
            }
            #expect(results.count { $0 == .verified } == 1)
        }
    }

    @Test("target key and code are gone with the success, the lock, and the end of the code's life")
    func nothingIsKept() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let won = try await installation.sendSealed(workspace)
        _ = try await installation.verifySealed(won, code: try installation.code(of: won), workspace)
        let locked = try await installation.sendSealed(workspace)
        for _ in 0..<3 { _ = try await installation.verifySealed(locked, code: "000000000", workspace) }
        let old = try await installation.sendSealed(workspace)
        #expect(try await installation.stored(old, workspace)?.size != 0)
        installation.time.advance(seconds: 300)
        try await installation.challenges.prune()
        for (dispatch, state) in [(won, "verified"), (locked, "locked"), (old, "expired")] {
            #expect(
                try await installation.stored(dispatch, workspace)
                    == StoredChallenge(state: state, size: 0, isDecoy: false))
        }
    }

    @Test("a code is valid for exactly its life, and after it says so, pruned or not")
    func expires() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.sealedCodeLifetimeSeconds = 100 }
        let client = try SealedClient()
        let dispatches = [
            try await installation.sendSealed(workspace), try await installation.sendSealed(workspace),
        ]
        let attempts = try dispatches.map { dispatch in
            try client.seal(
                try installation.code(of: dispatch), to: dispatch, flow: .turnkey,
                pinned: try installation.pinnedKey(), now: installation.time.now.unixMilliseconds)
        }
        installation.time.advance(seconds: 99)
        _ = try await installation.attempt(dispatches[0], attempts[0], workspace)
        installation.time.advance(seconds: 1)
        for _ in 0..<2 {
            await #expect(throws: PasscodeError.codeExpired()) {
                try await installation.attempt(dispatches[1], attempts[1], workspace)
            }
            try await installation.challenges.prune()
        }
    }

    @Test("what has ended says how it ended, also long after its time")
    func endIsRemembered() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let client = try SealedClient()
        let won = try await installation.sendSealed(workspace)
        let locked = try await installation.sendSealed(workspace)
        let attempt = try client.seal(
            try installation.code(of: won), to: won, flow: .turnkey, pinned: try installation.pinnedKey(),
            now: installation.time.now.unixMilliseconds)
        _ = try await installation.attempt(won, attempt, workspace)
        for _ in 0..<3 { _ = try await installation.verifySealed(locked, code: "000000000", workspace) }
        installation.time.advance(seconds: 3_600)
        try await installation.restartEnclave()
        await #expect(throws: PasscodeError.codeSpent()) {
            try await installation.attempt(won, attempt, workspace)
        }
        await #expect(throws: PasscodeError.tooManyAttempts(retryAfter: 0)) {
            try await installation.attempt(locked, attempt, workspace)
        }
        installation.time.advance(seconds: 86_400)
        try await installation.challenges.prune()
        await #expect(throws: PasscodeError.challengeUnknown()) {
            try await installation.attempt(won, attempt, workspace)
        }
    }

    @Test("a code from before the enclave's restart says so, costs nothing, and another can be sent at once")
    func restart() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        var dispatches: [SealedDispatch] = []
        for _ in 0..<3 { dispatches.append(try await installation.sendSealed(workspace)) }
        try await installation.restartEnclave()
        for dispatch in dispatches {
            #expect(
                try await installation.verifySealed(
                    dispatch, code: try installation.code(of: dispatch), workspace)
                    == .refused(.madeBeforeRestart, remaining: nil))
        }
        let fresh = try await installation.sendSealed(workspace)
        #expect(
            try await installation.verifySealed(fresh, code: try installation.code(of: fresh), workspace)
                == .verified)
    }

    @Test("another workspace, another flow and the other mode know nothing of a challenge")
    func strangers() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let other = try await installation.workspace()
        let client = try SealedClient()
        let dispatch = try await installation.sendSealed(workspace)
        let attempt = try client.seal(
            try installation.code(of: dispatch), to: dispatch, flow: .turnkey, pinned: try installation.pinnedKey(),
            now: installation.time.now.unixMilliseconds)
        await #expect(throws: PasscodeError.challengeUnknown()) {
            try await installation.attempt(dispatch, attempt, other)
        }
        await #expect(throws: PasscodeError.challengeUnknown()) {
            try await installation.attempt(dispatch, attempt, workspace, flow: .countersign)
        }
        await #expect(throws: PasscodeError.challengeUnknown()) {
            try await installation.attempt(dispatch, attempt, workspace, mode: .test)
        }
        // None of them used an attempt up.
        #expect(
            try await installation.verifySealed(dispatch, code: "000000000", workspace)
                == .refused(.invalidCode, remaining: 2))
    }

    @Test("a sealed code and a plain one of the same contact know nothing of each other")
    func plainCodesAreApart() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.sealedCodeAlphabet = .digits }
        let sealed = try await installation.sendSealed(workspace) {
            $0.format = CodeFormat(alphabet: .digits, length: 6)
        }
        let sealedCode = try installation.code(of: sealed)
        #expect(
            try await installation.verify(code: sealedCode, workspace) == .refused(.invalidCode, remaining: 4))
        try await installation.send(workspace)
        let plainCode = try #require(installation.mail.codes.last)
        #expect(plainCode != sealedCode)
        #expect(
            try await installation.verifySealed(sealed, code: plainCode, workspace)
                == .refused(.invalidCode, remaining: 2))
        #expect(try await installation.verify(code: plainCode, workspace) == .verified)
        #expect(try await installation.verifySealed(sealed, code: sealedCode, workspace) == .verified)
    }

    @Test("with an inactive subscription nothing is verified, and while the enclave is down no attempt is counted")
    func refusedBeforeTheCount() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.sendSealed(workspace)
        let code = try installation.code(of: dispatch)
        let inactive = try await installation.directory.update(workspace.id, origin: .system) {
            $0.subscription = .pastDue
        }
        #expect(
            try await installation.verifySealed(dispatch, code: code, inactive)
                == .refused(.workspace(.subscriptionInactive()), remaining: nil))
        installation.enclave.goDown()
        #expect(
            try await installation.verifySealed(dispatch, code: code, workspace)
                == .refused(.unavailable, remaining: nil))
        let counted = try await installation.auditTrail(workspace).filter { $0.hasPrefix("challenge.attempted") }
        #expect(counted.isEmpty)
    }

    @Test("the audit trail tells each attempt and the success, in this order")
    func audit() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.sendSealed(workspace)
        let code = try installation.code(of: dispatch)
        _ = try await installation.verifySealed(dispatch, code: installation.wrong(code), workspace)
        _ = try await installation.verifySealed(dispatch, code: code, workspace)
        #expect(
            try await installation.auditTrail(workspace).suffix(5) == [
                "challenge.created done live sms", "challenge.dispatched done inbox",
                "challenge.attempted done 1 of 3", "challenge.attempted done 2 of 3", "challenge.verified done sms",
            ])
    }
}
