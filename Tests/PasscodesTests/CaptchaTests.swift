import AuditLog
import EnclaveLink
import Fixtures
import Passcodes
import Testing
import Workspaces

@Suite("Captchas")
struct CaptchaTests {
    private static let visitor = RequestOrigin(principal: .visitor, request: "request", address: "192.0.2.7:1")

    private func check(
        _ installation: Installation, _ workspace: Workspace, token: String? = "token"
    ) async throws(PasscodeError) {
        try await installation.captcha.check(
            token.map(CaptchaToken.init), address: "192.0.2.7", workspace: workspace, origin: Self.visitor)
    }

    private func findings(_ installation: Installation, _ workspace: Workspace) async throws -> [String] {
        try await installation.auditTrail(workspace).filter { $0.hasPrefix("captcha.") }
    }

    @Test("a workspace that asks for no captcha asks nobody", arguments: [nil, "token"])
    func off(token: String?) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        installation.captchaProvider.answer(.refused)
        try await check(installation, workspace, token: token)
        #expect(installation.captchaProvider.questions.isEmpty)
    }

    @Test("a clear yes lets a visitor pass, and the provider learns token, workspace and address")
    func passed() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.captcha = .required }
        installation.captchaProvider.answer(.passed)
        try await check(installation, workspace)
        let question = try #require(installation.captchaProvider.questions.first)
        #expect(question.token == CaptchaToken("token") && question.address == "192.0.2.7")
        #expect(question.workspace == workspace.id)
        #expect(try await findings(installation, workspace).isEmpty)
    }

    @Test("without a token, or with one that none can be, the provider is not even asked")
    func noToken() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace {
            $0.captcha = .required
            $0.captchaFailsOpen = true
        }
        installation.captchaProvider.answer(.passed)
        for token in [nil, "", String(repeating: "a", count: CaptchaToken.maximumLength + 1)] {
            await #expect(throws: PasscodeError.captchaRefused()) {
                try await check(installation, workspace, token: token)
            }
        }
        #expect(installation.captchaProvider.questions.isEmpty)
        try await check(
            installation, workspace, token: String(repeating: "a", count: CaptchaToken.maximumLength))
    }

    @Test(
        "what is not a clear yes is no, unless the workspace lets visitors pass while the provider is silent",
        arguments: [
            (
                CaptchaOutcome.refused, false, PasscodeError?.some(.captchaRefused()),
                "captcha.checked refused refused 1"
            ),
            (.refused, true, .captchaRefused(), "captcha.checked refused refused 1"),
            (.unavailable, false, .unavailable(""), "captcha.checked failed unavailable 1"),
            (.unavailable, true, nil, "captcha.checked done unavailable 1"),
            (.notConfigured, false, .unavailable(""), "captcha.checked failed notConfigured 1"),
            (.notConfigured, true, .unavailable(""), "captcha.checked failed notConfigured 1"),
        ])
    func notAClearYes(outcome: CaptchaOutcome, failsOpen: Bool, error: PasscodeError?, audited: String) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace {
            $0.captcha = .required
            $0.captchaFailsOpen = failsOpen
        }
        installation.captchaProvider.answer(outcome)
        if let error {
            await #expect(throws: error) { try await check(installation, workspace) }
        } else {
            try await check(installation, workspace)
        }
        #expect(try await findings(installation, workspace) == [audited])
    }

    @Test("while the enclave is gone nobody passes", arguments: [true, false])
    func enclaveGone(failsOpen: Bool) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace {
            $0.captcha = .required
            $0.captchaFailsOpen = failsOpen
        }
        installation.captchaProvider.answer(.passed)
        installation.enclave.goDown()
        await #expect(throws: PasscodeError.unavailable("")) { try await check(installation, workspace) }
    }

    @Test("however many captchas are refused, the audit log gets one entry a minute that says how many they were")
    func boundedAudit() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.captcha = .required }
        let other = try await installation.workspace { $0.captcha = .required }
        installation.captchaProvider.answer(.refused)
        for _ in 0..<50 { try? await check(installation, workspace) }
        try? await check(installation, other)
        #expect(try await findings(installation, workspace) == ["captcha.checked refused refused 1"])
        #expect(try await findings(installation, other).count == 1)
        installation.time.advance(seconds: 60)
        for _ in 0..<50 { try? await check(installation, workspace) }
        #expect(
            try await findings(installation, workspace)
                == ["captcha.checked refused refused 1", "captcha.checked refused refused 50"])
    }
}
