import EnclaveLink
import Fixtures
import JOSE
import Messages
import Passcodes
import Testing
import Workspaces

@Suite("Own texts and languages")
struct TemplateTests {
    private static func save(
        _ installation: Installation, _ workspace: Workspace, _ text: String, name: String = "default",
        locale: String? = nil, channel: Channel = .sms
    ) async throws {
        let tag = locale.flatMap { LanguageTag($0) }
        let name = try #require(TemplateName(channel: channel, name: name, locale: tag))
        _ = try await installation.challenges.templates.save(
            name, subject: nil, text: text, workspace: workspace.id, origin: .system)
    }

    @Test("a message is in the language asked for, else in that of the number's country")
    func language() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        try await installation.send(workspace, to: "+4915112345678")
        try await installation.send(workspace, to: "+33612345678") { $0.locale = LanguageTag("pt-BR") }
        try await installation.send(workspace, to: "anna@example.com")
        // The same code again, now in the language of the resend.
        try await installation.send(workspace, to: "+4915112345678") { $0.locale = LanguageTag("ja") }
        #expect(installation.mail.messages.map(\.wording.language) == ["de", "pt", "en", "ja"])
        #expect(installation.mail.codes[0] == installation.mail.codes[3])
    }

    @Test("an own text wins over the built-in wording: of its language first, else the one for all")
    func ownWins() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        try await Self.save(installation, workspace, "any {{code}}")
        try await Self.save(installation, workspace, "pt {{code}}", locale: "pt")
        for locale in ["pt-BR", "ja"] {
            try await installation.send(workspace) { $0.locale = LanguageTag(locale) }
        }
        try await installation.send(workspace, channel: .voice)
        #expect(
            installation.mail.messages.map(\.wording.template?.text) == ["pt {{code}}", "any {{code}}", nil])
    }

    @Test("a template that nobody saved is MISSING, and nothing is sent or counted")
    func unknown() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let other = try await installation.workspace()
        try await Self.save(installation, other, "other {{code}}", name: "payment")
        try await Self.save(installation, workspace, "voice {{code}}", name: "spoken", channel: .voice)
        try await Self.save(installation, workspace, "fr {{code}}", name: "french", locale: "fr")
        for name in ["payment", "spoken", "french"] {
            await #expect(throws: PasscodeError.templateUnknown()) {
                try await installation.send(workspace) { $0.template = name }
            }
        }
        #expect(installation.mail.codes.isEmpty)
        try await installation.send(workspace)
    }

    @Test("a named text that shows what the binding does not have is refused; the usual one gives way")
    func incomplete() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        try await Self.save(installation, workspace, "{{code}} for {{binding.amount}}", name: "payment")
        try await Self.save(installation, workspace, "{{code}} for {{binding.amount}}")
        await #expect(throws: PasscodeError.self) { try await installation.send(workspace) { $0.template = "payment" } }
        try await installation.send(workspace)
        #expect(installation.mail.messages.map(\.wording.template) == [nil])
        try await installation.send(workspace) {
            $0.template = "payment"
            $0.claims = try PasscodeClaims(purpose: nil, binding: .object([.init(name: "amount", value: "49.00")]))
        }
        #expect(installation.mail.messages.last?.wording.template?.text == "{{code}} for {{binding.amount}}")
    }

    @Test("a text that breaks a rule is not saved, and leaves no entry")
    func refused() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let before = try await installation.auditTrail(workspace)
        for text in ["", "no code", "{{#if code}}", "https://evil.example/{{code}}", "{{code}} <script>"] {
            await #expect(throws: PasscodeError.self) { try await Self.save(installation, workspace, text) }
        }
        #expect(try await installation.challenges.templates.list(workspace: workspace.id).isEmpty)
        #expect(try await installation.auditTrail(workspace) == before)
    }

    @Test("a text that could make too long a message is not saved, and says what to shorten")
    func tooLong() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let text = "{{code}} {{binding.a}} {{binding.a}} {{binding.a}} {{binding.a}}"
        let error = await #expect(throws: PasscodeError.self) { try await Self.save(installation, workspace, text) }
        #expect(error?.code == .templateRefused(.messageTooLong))
        #expect(error?.message.contains("{{binding.a}}") == true && error?.message.contains("1600") == true)
        #expect(try await installation.challenges.templates.list(workspace: workspace.id).isEmpty)
    }

    @Test(
        "a send whose binding makes a message longer than a channel takes is refused before anything is sent or counted"
    )
    func bindingTooLong() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.cooldownSeconds = 0 }
        let text = "{{code}} " + String(repeating: "a", count: 400)
        try await Self.save(installation, workspace, text)
        try await Self.save(installation, workspace, text, name: "spoken", channel: .voice)
        let members = (0..<4).map {
            JSONValue.Member(name: "m\($0)", value: .string(String(repeating: "&", count: 200)))
        }
        let claims = try PasscodeClaims(purpose: nil, binding: .object(members))
        let before = try await installation.auditTrail(workspace)
        let error = await #expect(throws: PasscodeError.self) {
            try await installation.send(workspace, channel: .voice) { $0.claims = claims }
        }
        #expect(error?.code == .messageTooLong)
        #expect(error?.message.contains("voice") == true && error?.message.contains("4000") == true)
        #expect(installation.mail.codes.isEmpty)
        #expect(try await installation.auditTrail(workspace) == before)
        // The same transaction is short enough for an SMS.
        try await installation.send(workspace) { $0.claims = claims }
        #expect(installation.mail.codes.count == 1)
    }

    @Test("saving and deleting are audited; deleting twice is an error, and so is another workspace's")
    func audited() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let other = try await installation.workspace()
        let before = try await installation.auditTrail(workspace).count
        try await Self.save(installation, workspace, "one {{code}}")
        let name = try #require(TemplateName(channel: .sms, name: "default", locale: nil))
        let templates = installation.challenges.templates
        await #expect(throws: PasscodeError.templateUnknown()) {
            try await templates.delete(name, workspace: other.id, origin: .system)
        }
        try await templates.delete(name, workspace: workspace.id, origin: .system)
        await #expect(throws: PasscodeError.templateUnknown()) {
            try await templates.delete(name, workspace: workspace.id, origin: .system)
        }
        let entries = try await installation.auditTrail(workspace).dropFirst(before)
        #expect(entries.map { $0.prefix { $0 != " " } } == ["template.saved", "template.deleted"])
        try await installation.send(workspace)
        #expect(installation.mail.messages.last?.wording.template == nil)
    }
}
