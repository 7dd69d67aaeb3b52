import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Idempotency-Key of sealed sends")
struct SealedIdempotencyTests {
    private static let key = Idempotency(key: [1], body: [1])

    @Test(
        "a repeated request sends nothing more and answers with the same challenge and bundle",
        arguments: [SealedSendRequest.Asker.backEnd, .visitor])
    func replays(asker: SealedSendRequest.Asker) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let one = try await installation.sendSealed(workspace, asker: asker) { $0.idempotency = Self.key }
        let again = try await installation.sendSealed(workspace, asker: asker) { $0.idempotency = Self.key }
        #expect(!one.isReplay && again.isReplay)
        #expect(again.identifier == one.identifier && again.targetBundle == one.targetBundle)
        #expect(again.expiresAt == one.expiresAt && again.channel == one.channel)
        #expect(await installation.challenges.drain(within: .seconds(60)) == 0)
        #expect(installation.mail.codes.count == 1)
        #expect(try await installation.directory.usedQuota(workspace.id) == 1)
    }

    @Test("after the code was used a repeated request answers the same, without sending")
    func replayAfterSuccess() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        for mode in ChallengeMode.allCases {
            let key = Idempotency(key: Array(mode.rawValue.utf8), body: [1])
            let one = try await installation.sendSealed(workspace, mode: mode) { $0.idempotency = key }
            let code = try installation.code(of: one)
            _ = try await installation.verifySealed(one, code: code, workspace, mode: mode)
            let again = try await installation.sendSealed(workspace, mode: mode) { $0.idempotency = key }
            #expect(again.targetBundle == one.targetBundle && again.testCode == nil)
        }
    }

    @Test("in test mode a repeated request gets the same code")
    func testCode() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let one = try await installation.sendSealed(workspace, mode: .test) { $0.idempotency = Self.key }
        let again = try await installation.sendSealed(workspace, mode: .test) { $0.idempotency = Self.key }
        #expect(one.testCode != nil && again.testCode == one.testCode)
    }

    @Test("a key that served a plain send, another flow, mode or body serves no other")
    func otherRequest() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        try await installation.sendSealed(workspace) { $0.idempotency = Self.key }
        await #expect(throws: PasscodeError.idempotencyKeyReused()) {
            try await installation.send(workspace, idempotency: Self.key)
        }
        await #expect(throws: PasscodeError.idempotencyKeyReused()) {
            try await installation.sendSealed(workspace, flow: .countersign) { $0.idempotency = Self.key }
        }
        await #expect(throws: PasscodeError.idempotencyKeyReused()) {
            try await installation.sendSealed(workspace, mode: .test) { $0.idempotency = Self.key }
        }
        await #expect(throws: PasscodeError.idempotencyKeyReused()) {
            try await installation.sendSealed(workspace) { $0.idempotency = Idempotency(key: [1], body: [2]) }
        }
    }

    @Test("of 20 equal requests at the same time one sends")
    func race() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let outcomes = try await atOnce(20) { _ -> Result<SealedDispatch, PasscodeError> in
            do {
                return .success(try await installation.sendSealed(workspace) { $0.idempotency = Self.key })
            } catch let error as PasscodeError {
                return .failure(error)
            }
        }
        #expect(installation.mail.codes.count == 1)
        #expect(Set(outcomes.compactMap { try? $0.get().targetBundle }).count == 1)
        for case .failure(let error) in outcomes { #expect(error == .idempotencyInProgress()) }
    }

    @Test("a send that failed frees its key, unless the asker was answered before")
    func failure() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        installation.mail.answer(
            .failed(.init(provider: "smtp", reason: .unreachable, providerStatus: 0, mayHaveArrived: false)))
        await #expect(throws: PasscodeError.notDelivered) {
            try await installation.sendSealed(workspace) { $0.idempotency = Self.key }
        }
        let visitor = Idempotency(key: [2], body: [2])
        let one = try await installation.sendSealed(workspace, asker: .visitor) { $0.idempotency = visitor }
        #expect(await installation.challenges.drain(within: .seconds(60)) == 0)
        installation.mail.answer(.accepted(provider: "smtp"))
        #expect(try await !installation.sendSealed(workspace) { $0.idempotency = Self.key }.isReplay)
        let again = try await installation.sendSealed(workspace, asker: .visitor) { $0.idempotency = visitor }
        #expect(again.isReplay && again.targetBundle == one.targetBundle)
    }
}
