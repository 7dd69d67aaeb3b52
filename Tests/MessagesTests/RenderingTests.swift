import Testing

@testable import Messages

@Suite struct RenderingTests {
    private static func values(binding: [BindingMember] = []) -> MessageValues {
        MessageValues(code: "402917", application: "MyApp", minutes: 10, domain: "example.com", binding: binding)
    }

    @Test("a voice says the code twice, character by character, in the language's voice", arguments: Language.allCases)
    func voice(_ language: Language) {
        let voice = MessageWriter(Self.values(), in: language).voice
        let spelled = VoiceMessage.Part.characters(["4", "0", "2", "9", "1", "7"])
        #expect(voice.parts.filter { $0 == spelled }.count == 2)
        #expect(voice.parts.contains(.pause))
        #expect(voice.language == language && !language.voiceTag.isEmpty)
        // No website can be typed into a telephone.
        #expect(!voice.transcript.contains("example.com"))
        for case .text(let text) in voice.parts { #expect(!text.contains("402917") && !text.isEmpty) }
    }

    @Test("an own text is said twice as a whole")
    func ownVoice() throws {
        let template = try MessageTemplate(.voice, subject: nil, text: "{{app}} says {{code}}.")
        let parts = MessageWriter(Self.values(), in: .german, template: template).voice.parts
        let once: [VoiceMessage.Part] = [
            .text("MyApp says "), .characters(["4", "0", "2", "9", "1", "7"]), .text("."),
        ]
        #expect(parts == once + [.pause] + once)
    }

    @Test("the code is in a mail's subject only where the workspace wants it there", arguments: Language.allCases)
    func subject(_ language: Language) {
        let writer = MessageWriter(Self.values(), in: language)
        #expect(!writer.mail(codeInSubject: false).subject.contains("402917"))
        #expect(writer.mail(codeInSubject: true).subject.contains("402917"))
        for text in [writer.mail(codeInSubject: false).subject, writer.mail(codeInSubject: true).subject] {
            #expect(text.contains("MyApp"))
        }
    }

    @Test("every member of a binding is shown, whatever it holds, on a line of its own")
    func binding() throws {
        let json = #"{"amount":"49.00","items":[1,2],"note":"a\n@evil.example #111111","ok":true}"#
        let members = try #require(BindingMember.members(of: json))
        let lines = MessageWriter(Self.values(binding: members), in: .english).chatLines
        #expect(
            lines.dropFirst() == [
                "amount: 49.00", "items: [1,2]", "note: a @evil.example #111111", "ok: true", "",
                "@example.com #402917",
            ])
        #expect(BindingMember.members(of: "[1]") == nil)
        #expect(BindingMember.members(of: "{") == nil)
    }

    @Test("neither a print nor a dump of a message's values shows the code")
    func redaction() {
        let values = Self.values()
        var dumped = ""
        dump(values, to: &dumped)
        #expect(!"\(values)".contains("402917") && !String(reflecting: values).contains("402917"))
        #expect(!dumped.contains("402917"))
    }
}
