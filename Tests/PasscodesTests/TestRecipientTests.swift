import EnclaveLink
import Fixtures
import JOSE
import Passcodes
import SealedPasscodes
import Testing
import Workspaces

@Suite("Test recipients")
struct TestRecipientTests {
    private static let code = "246810"

    private static func installation(days: Int64 = 30) async throws -> (Installation, Workspace) {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        _ = try await installation.challenges.testRecipients.save(
            try Contact(Installation.number), code: code, until: installation.time.wall.now() + days * 86_400_000,
            workspace: workspace.id, origin: .system)
        return (installation, workspace)
    }

    private static func claims(_ token: IdentityToken) throws -> (JSONWebTokenClaims, kid: String?) {
        let parts = token.value.split(separator: ".").map(String.init)
        let header = try JSONValue(parsing: try Base64URL.decode(parts[0]))
        return (try JSONWebTokenClaims(json: try Base64URL.decode(parts[1])), header["kid"]?.text)
    }

    @Test("with a live key nothing is sent, nothing is charged, and the fixed code wins a token that says test")
    func reviewed() async throws {
        let (installation, workspace) = try await Self.installation()
        let sent = try await installation.send(workspace)
        #expect(installation.mail.codes.isEmpty && sent.testCode == nil)
        #expect(try await installation.directory.usedQuota(workspace.id) == 0)
        let (claims, kid) = try Self.claims(try await installation.token(code: Self.code, workspace))
        #expect(claims["test"] == .boolean(true) && claims["phone"]?.text == Installation.number)
        // No live verifier trusts its key.
        #expect(kid == (try installation.signingKeys.current(.identityTest)))
        #expect(try await installation.verify(code: Self.code, workspace) != .verified)
    }

    @Test("the code counts attempts like any other")
    func attempts() async throws {
        let (installation, workspace) = try await Self.installation()
        try await installation.send(workspace)
        for remaining in (0..<5).reversed() {
            #expect(
                try await installation.verify(code: "111111", workspace)
                    == .refused(.invalidCode, remaining: remaining))
        }
        #expect(try await installation.verify(code: Self.code, workspace) == .refused(.tooManyAttempts, remaining: nil))
    }

    @Test("by its identifier a live key verifies it too")
    func identifier() async throws {
        let (installation, workspace) = try await Self.installation()
        let sent = try await installation.send(workspace)
        _ = try await installation.challenges.verify(
            .passcode(sent.identifier), code: PresentedCode(Self.code), for: installation.caller(workspace, .live))
    }

    @Test(
        "a sealed code is sent to none: a back end is told, a visitor answered as ever", arguments: SealedFlow.allCases)
    func sealed(flow: SealedFlow) async throws {
        let (installation, workspace) = try await Self.installation()
        await #expect(throws: PasscodeError.testRecipient()) {
            try await installation.sendSealed(workspace, flow: flow)
        }
        let asked = try await installation.sendSealed(workspace, flow: flow, asker: .visitor)
        #expect(await installation.challenges.drain(within: .seconds(60)) == 0)
        #expect(installation.mail.messages.isEmpty && asked.testCode == nil)
        #expect(
            try await installation.auditTrail(workspace).last == "challenge.created refused live sms test-recipient")
        #expect(try await installation.directory.usedQuota(workspace.id) == 0)
        let other = try await installation.sendSealed(workspace, to: "ada@example.com", flow: flow)
        #expect(
            try await installation.verifySealed(
                other, code: try installation.code(of: other), workspace, flow: flow) == .verified)
    }

    @Test(
        "a code that was told before ends with a change of the recipient, and with its end", arguments: [true, false])
    func changed(isDeleted: Bool) async throws {
        let (installation, workspace) = try await Self.installation()
        let sent = try await installation.send(workspace)
        let contact = try Contact(Installation.number)
        if isDeleted {
            try await installation.challenges.testRecipients.delete(contact, workspace: workspace.id, origin: .system)
        } else {
            _ = try await installation.challenges.testRecipients.save(
                contact, code: "135790", until: installation.time.wall.now() + 86_400_000, workspace: workspace.id,
                origin: .system)
        }
        await #expect(throws: PasscodeError.self) {
            _ = try await installation.challenges.verify(
                .passcode(sent.identifier), code: PresentedCode(Self.code), for: installation.caller(workspace, .live))
        }
        try await installation.send(workspace)
        #expect(try await installation.verify(code: Self.code, workspace) != .verified)
        #expect(installation.mail.codes.isEmpty != isDeleted)
        if !isDeleted { #expect(try await installation.verify(code: "135790", workspace) == .verified) }
    }

    @Test("it prints nothing of its code")
    func redacted() async throws {
        let (installation, workspace) = try await Self.installation()
        let recipient = try #require(
            try await installation.challenges.testRecipients.list(workspace: workspace.id).first)
        var dumped = ""
        dump(recipient, to: &dumped)
        for text in ["\(recipient)", String(reflecting: recipient), dumped] { #expect(!text.contains(Self.code)) }
        #expect(recipient.code.value == Self.code)
    }

    @Test("after its day the fixed code is worth nothing, and codes are sent")
    func ended() async throws {
        let (installation, workspace) = try await Self.installation(days: 1)
        installation.time.advance(seconds: 86_400 - 10)
        try await installation.send(workspace)
        installation.time.advance(seconds: 10)
        #expect(try await installation.verify(code: Self.code, workspace) != .verified)
        try await installation.send(workspace, to: Installation.number)
        let sent = try #require(installation.mail.codes.last)
        #expect(sent != Self.code)
        #expect(try await installation.verify(code: Self.code, workspace) != .verified)
        #expect(try await installation.verify(code: sent, workspace) == .verified)
    }

    @Test("a code that a test key was told is none for a live key, test recipient or not")
    func testKey() async throws {
        let (installation, workspace) = try await Self.installation()
        let tested = try await installation.send(workspace, mode: .test)
        let code = try #require(tested.testCode).value
        #expect(try await installation.verify(code: code, workspace) != .verified)
        await #expect(throws: PasscodeError.challengeUnknown()) {
            try await installation.challenges.verify(
                .passcode(tested.identifier), code: PresentedCode(code), for: installation.caller(workspace, .live))
        }
        // Nor does it stand in the way of the fixed one.
        try await installation.send(workspace)
        #expect(try await installation.verify(code: Self.code, workspace) == .verified)
    }

    @Test("another workspace's recipient is sent codes like everybody")
    func otherWorkspace() async throws {
        let (installation, _) = try await Self.installation()
        let other = try await installation.workspace()
        try await installation.send(other)
        #expect(installation.mail.codes.count == 1 && installation.mail.codes != [Self.code])
        #expect(try await installation.verify(code: Self.code, other) == .refused(.invalidCode, remaining: 4))
    }

    @Test("a code is 6 to 9 digits, and the day is to come, within a year")
    func malformed() async throws {
        let (installation, workspace) = try await Self.installation()
        let now = installation.time.wall.now()
        for (code, days) in [
            ("12345", 1), ("1234567890", 1), ("abcdef", 1), ("", 1), ("123456", 0), ("123456", -1), ("123456", 367),
        ] as [(String, Int64)] {
            await #expect(throws: PasscodeError.workspace(.invalidSetting(""))) {
                try await installation.challenges.testRecipients.save(
                    try Contact("+4915112345679"), code: code, until: now + days * 86_400_000,
                    workspace: workspace.id, origin: .system)
            }
        }
    }

    @Test("naming and ending one are audited, without contact or code")
    func audited() async throws {
        let (installation, workspace) = try await Self.installation()
        try await installation.challenges.testRecipients.delete(
            try Contact(Installation.number), workspace: workspace.id, origin: .system)
        let entries = try await installation.auditTrail(workspace).suffix(2)
        #expect(entries == ["test_recipient.saved done ", "test_recipient.deleted done "])
        try await installation.send(workspace)
        #expect(installation.mail.codes.count == 1)
    }
}
