import EnclaveLink
import Fixtures
import Passcodes
import SealedPasscodes
import Testing
import Workspaces

@Suite("Sandboxes")
struct SandboxTests {
    private static func sandbox(_ installation: Installation) async throws -> Workspace {
        try await installation.workspace { $0.sandbox = true }
    }

    @Test(
        "a sandbox's two contacts have the code 000000, nothing is sent, and whatever the key, test keys sign",
        arguments: ["user@example.com", "+19999999999"], ChallengeMode.allCases)
    func fixedCode(contact: String, mode: ChallengeMode) async throws {
        let installation = try await Installation()
        let workspace = try await Self.sandbox(installation)
        for (flow, asker) in [(SealedFlow.turnkey, SealedSendRequest.Asker.visitor), (.countersign, .backEnd)] {
            let dispatch = try await installation.sendSealed(
                workspace, to: contact, flow: flow, mode: mode, asker: asker
            ) { $0.format = CodeFormat(alphabet: .base32, length: 9) }
            _ = try SealedClient.target(
                of: dispatch, flow: flow, pinned: try installation.pinnedKey(.test),
                now: installation.time.now.unixMilliseconds)
            #expect(
                try await installation.verifySealed(dispatch, code: "000000", workspace, flow: flow, mode: mode)
                    == .verified)
        }
        #expect(await installation.challenges.drain(within: .seconds(60)) == 0)
        #expect(installation.mail.codes.isEmpty)
        #expect(try await installation.directory.usedQuota(workspace.id) == 0)
    }

    @Test("a sandbox knows no other contact, and another code is wrong", arguments: SealedFlow.allCases)
    func otherContacts(flow: SealedFlow) async throws {
        let installation = try await Installation()
        let workspace = try await Self.sandbox(installation)
        for (contact, asker) in [
            (Installation.number, SealedSendRequest.Asker.backEnd), ("other@example.com", .visitor),
        ] {
            await #expect(throws: PasscodeError.contactNotInSandbox()) {
                try await installation.sendSealed(workspace, to: contact, flow: flow, asker: asker)
            }
        }
        let dispatch = try await installation.sendSealed(workspace, to: "user@example.com", flow: flow)
        #expect(
            try await installation.verifySealed(dispatch, code: "000001", workspace, flow: flow)
                == .refused(.invalidCode, remaining: 2))
    }

    @Test("outside a sandbox its number does not exist, and its code is like any other")
    func outside() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        for mode in ChallengeMode.allCases {
            await #expect(throws: PasscodeError.invalidPhoneNumber()) {
                try await installation.sendSealed(workspace, to: "+19999999999", mode: mode)
            }
            await #expect(throws: PasscodeError.invalidPhoneNumber()) {
                try await installation.send(workspace, to: "+19999999999", mode: mode)
            }
            await #expect(throws: PasscodeError.invalidPhoneNumber()) {
                try await installation.token("+19999999999", code: "000000", workspace, mode: mode)
            }
            let dispatch = try await installation.sendSealed(workspace, to: "user@example.com", mode: mode)
            #expect(
                try await installation.verifySealed(dispatch, code: "000000", workspace, mode: mode)
                    == .refused(.invalidCode, remaining: 2))
        }
    }

    @Test("a workspace that leaves the sandbox takes none of its challenges along")
    func leaving() async throws {
        let installation = try await Installation()
        let workspace = try await Self.sandbox(installation)
        let client = try SealedClient()
        let dispatch = try await installation.sendSealed(workspace, to: "user@example.com")
        let attempt = try client.seal(
            "000000", to: dispatch, flow: .turnkey, pinned: try installation.pinnedKey(.test),
            now: installation.time.now.unixMilliseconds)
        let live = try await installation.directory.update(workspace.id, origin: .system) {
            $0.settings.sandbox = false
        }
        await #expect(throws: PasscodeError.challengeUnknown()) {
            try await installation.attempt(dispatch, attempt, live)
        }
    }

    @Test("however often a sandbox's code is entered wrong, its contacts stay open")
    func neverClosed() async throws {
        let installation = try await Installation()
        let workspace = try await Self.sandbox(installation)
        for _ in 0..<40 {
            let dispatch = try await installation.sendSealed(workspace, to: "user@example.com")
            for _ in 0..<3 { _ = try await installation.verifySealed(dispatch, code: "000001", workspace) }
        }
        let dispatch = try await installation.sendSealed(workspace, to: "user@example.com")
        #expect(try await installation.verifySealed(dispatch, code: "000000", workspace) == .verified)
    }
}
