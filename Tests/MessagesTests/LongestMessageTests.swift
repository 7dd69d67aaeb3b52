import Testing

@testable import Messages

@Suite struct LongestMessageTests {
    private static let bindingLength = 1024

    private static func template(_ text: String, _ kind: MessageKind = .sms) throws -> MessageTemplate {
        try MessageTemplate(kind, subject: kind == .email ? "Hello" : nil, text: text)
    }

    private static func longest(_ template: MessageTemplate?, _ kind: MessageKind = .sms) -> MessageLength {
        LongestMessage(of: template, as: kind, in: .english, bindingLength: bindingLength).length
    }

    @Test("the longest message has the longest code, name, time, website and binding")
    func values() throws {
        // {"b":"…"} of at most 200 characters that take two units each; the last line is @domain #code.
        let length = Self.longest(try Self.template("{{code}} {{app}} {{minutes}} {{domain}} {{binding.b}}"))
        #expect(length.units == 9 + 1 + 128 + 1 + 2 + 1 + 253 + 1 + 400 + (2 + 1 + 253 + 2 + 9))
        #expect(length.segments?.encoding == .ucs2)
        #expect(Self.longest(try Self.template("{{code}}")).segments?.encoding == .gsm7)
    }

    @Test("no send makes a longer one: whatever name, code, website and members of a binding", arguments: 1...6)
    func bound(_ seed: UInt64) throws {
        let template = try Self.template("{{code}} {{app}} {{binding.a}} {{binding.a}} {{binding.b}} {{binding.c}}")
        let longest = Self.longest(template).units
        let shapes = [("x", 1), ("Ж", 2), ("€", 3), ("🏦", 4)]
        for first in shapes {
            for second in shapes {
                var room = Self.bindingLength - 22
                let members = zip(["a", "b", "c"], [first, second, first]).map { name, shape in
                    let count = min(200, room / shape.1 / Int(seed))
                    room -= count * shape.1
                    return BindingMember(name: name, value: String(repeating: shape.0, count: count))
                }
                let values = MessageValues(
                    code: "402917388", application: String(repeating: first.0, count: 64), minutes: 10,
                    domain: String(repeating: "d", count: 253), binding: members)
                let length = MessageWriter(values, in: .english, template: template).length(as: .sms)
                #expect(length.units <= longest)
            }
        }
    }

    @Test("a text that could make a message that no provider takes is refused, with what to leave out")
    func refused() throws {
        let places = String(repeating: "{{domain}} ", count: 8)
        let error = #expect(throws: TemplateError.self) {
            try Self.template("{{code}} \(places)").requireRoom(bindingLength: Self.bindingLength)
        }
        #expect(error?.reason == .messageTooLong)
        let words = try #require(error?.description)
        #expect(words.contains("of 1600 characters") && words.contains("segments"), "\(words)")
        #expect(words.contains("{{domain}}, which may have 253 characters and stands in it 8 times"), "\(words)")
    }

    @Test("what one character more makes too long is refused, and what just fits is saved")
    func edge() throws {
        let places = "{{code}} {{domain}} {{domain}} {{domain}} {{domain}} "
        let room = 1600 - Self.longest(try Self.template(places)).units
        try Self.template(places + String(repeating: "a", count: room)).requireRoom(bindingLength: Self.bindingLength)
        #expect(throws: TemplateError.self) {
            try Self.template(places + String(repeating: "a", count: room + 1))
                .requireRoom(bindingLength: Self.bindingLength)
        }
    }

    @Test("a call is as long as its markup, which says everything twice")
    func call() throws {
        func isTooLong(_ text: String) throws -> Bool {
            Self.longest(try Self.template(text, .voice), .voice).isTooLong
        }
        #expect(try !isTooLong("{{code}} " + String(repeating: "a", count: 471)))
        #expect(try isTooLong("{{code}} " + String(repeating: "'", count: 471)))
        #expect(try !isTooLong("{{code}} for {{binding.amount}} to {{binding.payee}}, {{binding.reference}}"))
        #expect(try isTooLong("{{code}}" + String(repeating: " {{binding.amount}}", count: 4)))
    }

    @Test(
        "usual texts are saved: with name, time, website and three members of a binding",
        arguments: MessageKind.allCases)
    func usual(_ kind: MessageKind) throws {
        let text =
            "{{app}}: {{code}} pays {{binding.amount}} to {{binding.payee}}, {{binding.iban}}. {{minutes}} minutes."
        try Self.template(text, kind).requireRoom(bindingLength: Self.bindingLength)
    }

    @Test("a mail has no limit")
    func mail() throws {
        try Self.template("{{code}} " + String(repeating: "{{domain}} ", count: 300), .email)
            .requireRoom(bindingLength: Self.bindingLength)
    }

    @Test("the built-in wording fits every channel, whatever name and website", arguments: Language.allCases)
    func builtIn(_ language: Language) {
        for name in [String(repeating: "&", count: 64), String(repeating: "🏦", count: 64)] {
            let values = MessageValues(
                code: "402917388", application: name, minutes: 10, domain: String(repeating: "d", count: 253))
            for kind in MessageKind.allCases {
                #expect(!MessageWriter(values, in: language).length(as: kind).isTooLong)
            }
        }
    }
}
