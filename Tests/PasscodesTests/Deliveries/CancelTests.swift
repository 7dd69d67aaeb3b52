import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Canceling")
struct CancelTests {
    @Test("a canceled code verifies no more, and canceling it again says the same and is written down once")
    func canceled() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.send(workspace)
        let caller = installation.caller(workspace)
        for _ in 0..<2 {
            #expect(try await installation.challenges.cancel(dispatch.identifier, for: caller).status == .canceled)
        }
        #expect(
            try await installation.verify(code: installation.mail.codes[0], workspace)
                == .refused(.invalidCode, remaining: 4))
        #expect(try await installation.status(of: dispatch, workspace).status == .canceled)
        #expect(installation.changes.kinds == [.sent, .canceled])
        let trail = try await installation.auditTrail(workspace)
        #expect(trail.count { $0.hasPrefix("challenge.canceled") } == 1)
    }

    @Test("once it is canceled no further provider is asked to bring it")
    func noFurtherProvider() async throws {
        let installation = try await Installation(providers: Providers.all)
        let workspace = try await installation.workspace()
        installation.mail.answer(.refused(.messageRefused, by: "first"), by: "first")
        installation.mail.hold()
        let caller = installation.caller(workspace)
        let sending = Task { try await installation.send(workspace) { $0.identifier = "oe_canceled" } }
        while installation.mail.held < 1 { await Task.yield() }
        _ = try await installation.challenges.cancel("oe_canceled", for: caller)
        installation.mail.letGo()
        await #expect(throws: PasscodeError.notDelivered) { _ = try await sending.value }
        #expect(installation.asked == ["first"])
        #expect(try await installation.challenges.status(of: "oe_canceled", for: caller).status == .canceled)
    }

    @Test("a sealed code can be canceled, and its blob is gone")
    func sealed() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.sendSealed(workspace)
        let code = try installation.code(of: dispatch)
        let caller = installation.caller(workspace)
        #expect(try await installation.challenges.cancel(dispatch.identifier, for: caller).status == .canceled)
        #expect(
            try await installation.verifySealed(dispatch, code: code, workspace)
                == .refused(.codeExpired, remaining: nil))
    }

    @Test("a code that was verified cannot be canceled, one that is over stays what it is")
    func tooLate() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let caller = installation.caller(workspace)
        let dispatch = try await installation.send(workspace)
        _ = try await installation.verify(code: installation.mail.codes[0], workspace)
        await #expect(throws: PasscodeError.alreadyVerified()) {
            try await installation.challenges.cancel(dispatch.identifier, for: caller)
        }
        let other = try await installation.send(workspace, to: "a@example.com")
        installation.time.advance(seconds: 600)
        #expect(try await installation.challenges.cancel(other.identifier, for: caller).status == .expired)
        #expect(installation.changes.kinds == [.sent, .verified, .sent])
    }

    @Test("of canceling and verifying at the same time exactly one wins, and both say so", arguments: 0..<20)
    func race(_ round: Int) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.send(workspace)
        let code = installation.mail.codes[0]
        let caller = installation.caller(workspace)
        async let verified = installation.verify(code: code, workspace)
        async let canceled: Bool = {
            do {
                return try await installation.challenges.cancel(dispatch.identifier, for: caller).status == .canceled
            } catch let error as PasscodeError where error == .alreadyVerified() {
                return false
            }
        }()
        let (isVerified, isCanceled) = (try await verified == .verified, try await canceled)
        #expect(isVerified != isCanceled)
        let status = try await installation.status(of: dispatch, workspace).status
        #expect(status == (isVerified ? .verified : .canceled))
        #expect(installation.changes.kinds == [.sent, isVerified ? .verified : .canceled])
    }

    @Test("after a cancel a new code can be sent once the cooldown is over, and the old one is not it")
    func sentAgain() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let dispatch = try await installation.send(workspace)
        _ = try await installation.challenges.cancel(dispatch.identifier, for: installation.caller(workspace))
        await #expect(throws: PasscodeError.workspace(.cooldown(retryAfter: 1))) {
            try await installation.send(workspace)
        }
        installation.time.advance(seconds: 60)
        let next = try await installation.send(workspace)
        #expect(next.identifier != dispatch.identifier)
        #expect(try await installation.verify(code: installation.mail.codes[1], workspace) == .verified)
    }
}
