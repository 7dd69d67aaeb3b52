import Testing

@testable import Messages

@Suite struct TemplateTests {
    private static let values = MessageValues(
        code: "402917", application: "My {{code}} App", minutes: 7, domain: "example.com",
        binding: [BindingMember(name: "amount", value: "49.00"), BindingMember(name: "payee", value: "ACME")])

    @Test("values stand where their names stood, and are not read again")
    func filled() throws {
        let template = try MessageTemplate(
            .sms, subject: nil, text: "{{ app }}: {{code}} ({{minutes}} min) for {{binding.amount}}")
        let lines = MessageWriter(Self.values, in: .english, template: template).smsLines
        #expect(
            lines == [
                "My {{code}} App: 402917 (7 min) for 49.00", "payee: ACME", "", "@example.com #402917",
            ])
    }

    @Test("a message whose binding lacks what its template shows is known before it is sent")
    func missing() throws {
        let template = try MessageTemplate(.sms, subject: nil, text: "{{code}} {{binding.amount}} {{binding.iban}}")
        #expect(MessageWriter(Self.values, in: .english, template: template).missingBindingNames == ["iban"])
    }

    @Test(
        "what is more than text is refused when it is saved, with reason and place",
        arguments: [
            ("", .empty, 0), ("   ", .empty, 0), ("no code", .codeMissing, 0), ("{{code}} {{code}}", .codeTwice, 10),
            ("{{code}} {{#each x}}a{{/each}}", .unknownVariable, 10), ("{{code}} {{user}}", .unknownVariable, 10),
            ("{{code}} {{.OtpCode}}", .unknownVariable, 10), ("{{code}} {{app | upper}}", .unknownVariable, 10),
            ("{{code}} {{binding.}}", .unknownVariable, 10), ("{{code}} {{binding.a b}}", .unknownVariable, 10),
            ("{{code}} {{binding.a.b}}", .unknownVariable, 10), ("{{code}} {{Code}}", .unknownVariable, 10),
            ("{% for x in y %}{{code}}{% endfor %}", .strayBrace, 1), ("{{code}} ${x}", .strayBrace, 11),
            ("{{code}} }}", .strayBrace, 10), ("{{code}", .strayBrace, 1), ("{{{code}}}", .unknownVariable, 1),
            ("{{code}} <script>alert(1)</script>", .markup, 10), ("{{code}} <b>", .markup, 10),
            ("{{code}} </b>", .markup, 10), ("{{code}} <!-- -->", .markup, 10), ("{{code}} <% x %>", .markup, 10),
            ("https://evil.example/{{code}}", .codeNotFree, 22), ("x{{code}}", .codeNotFree, 2),
            ("{{code}}x", .codeNotFree, 1), ("@evil.example #{{code}}", .codeNotFree, 16),
            ("{{app}}{{code}}", .codeNotFree, 8), ("{{code}}{{domain}}", .codeNotFree, 1),
            ("evil.example/({{code}})", .codeNotFree, 15), ("{{code}}.evil.example", .codeNotFree, 1),
            ("{{code}} a\u{0}b", .forbiddenCharacter, 11), ("{{code}} a\rb", .forbiddenCharacter, 11),
            ("{{code}} a\u{202E}b", .forbiddenCharacter, 11), ("{{code}} a\u{2028}b", .forbiddenCharacter, 11),
            ("{{code}} a\nb", .severalLines, 11), ("{{code}} " + String(repeating: "a", count: 472), .tooLong, 0),
        ] as [(String, TemplateError.Reason, Int)])
    func refused(_ text: String, _ reason: TemplateError.Reason, _ column: Int) {
        let error = #expect(throws: TemplateError.self) { try MessageTemplate(.sms, subject: nil, text: text) }
        #expect(error?.reason == reason)
        #expect(error?.part == .text)
        #expect(error?.column == column)
    }

    @Test(
        "a code stands free between the marks of every script too",
        arguments: [
            "您的验证码是 {{code}}。", "【{{app}}】验证码 {{code}}，5分钟内有效", "{{app}} の認証コード：{{code}}（5分）",
            "الرمز {{code}}، صالح", "कोड {{code}}।", "Ihr Code: „{{code}}“", "«{{code}}»",
            "（{{code}}）",
        ])
    func marks(text: String) throws {
        _ = try MessageTemplate(.sms, subject: nil, text: text)
    }

    @Test(
        "and behind such a mark nothing follows of which an address or a number could be made",
        arguments: [
            "evil.example/。{{code}}", "{{code}}。evil.example", "{{app}}：{{code}}", "1900555，{{code}}",
            "{{code}}，1", "evil.example/\u{3000}{{code}}", "字{{code}}", "{{code}}，字/",
        ])
    func noAddress(text: String) {
        let error = #expect(throws: TemplateError.self) { try MessageTemplate(.sms, subject: nil, text: text) }
        #expect(error?.reason == .codeNotFree)
    }

    @Test("the longest text is taken, in each kind")
    func longest() throws {
        for kind in MessageKind.allCases {
            let text = "{{code}} " + String(repeating: "a", count: kind.longestText - 9)
            let subject: String? = kind == .email ? "Hello" : nil
            _ = try MessageTemplate(kind, subject: subject, text: text)
            #expect(throws: TemplateError.self) { try MessageTemplate(kind, subject: subject, text: text + "a") }
        }
    }

    @Test("a mail has a subject of one line without the code, and no other message has one")
    func subjects() throws {
        func reason(_ kind: MessageKind, _ subject: String?) -> TemplateError.Reason? {
            #expect(throws: TemplateError.self) { try MessageTemplate(kind, subject: subject, text: "{{code}}") }?
                .reason
        }
        #expect(reason(.email, nil) == .subjectMissing)
        #expect(reason(.email, "Your code {{code}}") == .codeInSubject)
        #expect(reason(.email, "Hello\nBcc: eve@example.org") == .severalLines)
        #expect(reason(.email, String(repeating: "a", count: 151)) == .tooLong)
        #expect(reason(.sms, "Hello") == .subjectNotAllowed)
        let template = try MessageTemplate(.email, subject: "{{app}}: {{binding.amount}}", text: "a\n\n{{code}}\n")
        let mail = MessageWriter(Self.values, in: .english, template: template).mail(codeInSubject: true)
        #expect(mail.subject == "My {{code}} App: 49.00")
        #expect(mail.body == .own(lines: ["a", "", "402917", ""]))
        // A subject alone may be overlooked.
        #expect(mail.binding == ["amount: 49.00", "payee: ACME"])
    }

    @Test("the place of a fault is counted in lines and columns")
    func place() {
        let error = #expect(throws: TemplateError.self) {
            try MessageTemplate(.email, subject: "Hello", text: "{{code}}\n\nab {{user}}")
        }
        #expect(error?.line == 3 && error?.column == 4)
        #expect(error?.description.hasPrefix("text, line 3, column 4: ") == true)
    }

    @Test("a mark that follows a place does not hide it", arguments: ["\u{301}", "\u{200C}", "\u{93E}"])
    func markAfterPlace(mark: String) {
        #expect(
            Phrase("{{app}}\(mark) {{code}}").parts == [.place("app"), .text("\(mark) "), .place("code")])
    }
}
