import Testing

@testable import Messages

@Suite struct WordingTests {
    /// GSM-7 has no letters for these.
    static let beyondGSM: Set<Language> = [.russian, .arabic, .hindi, .japanese, .korean, .chinese]

    private static func values(_ application: String, domain: String? = "example.com") -> MessageValues {
        MessageValues(code: "402917388", application: application, minutes: 10, domain: domain)
    }

    private static func sms(_ language: Language, _ application: String, domain: String?) -> String {
        MessageWriter(values(application, domain: domain), in: language).smsLines.joined(separator: "\n")
    }

    @Test("a usual message has one segment in every language", arguments: Language.allCases)
    func usual(_ language: Language) {
        for domain in [nil, "example.com"] {
            let text = Self.sms(language, "MyApp", domain: domain)
            let count = SegmentCount(of: text)
            #expect(count.segments == 1, "\(text)")
            #expect(count.encoding == (Self.beyondGSM.contains(language) ? .ucs2 : .gsm7), "\(text)")
            #expect(text.contains("402917388") && text.contains("MyApp"))
            #expect(text.hasSuffix("@example.com #402917388") == (domain != nil))
        }
    }

    @Test("where no website is named, the usual message keeps minutes and warning", arguments: Language.allCases)
    func complete(_ language: Language) {
        let writer = MessageWriter(Self.values("MyApp", domain: nil), in: language)
        let wording = Wording.of(language)
        #expect(wording.short.prefix(2).map { writer.filled($0) }.contains(writer.smsLines.joined(separator: "\n")))
        #expect(wording.short[0].parts.contains { $0 == .place("validity") || $0 == .place("minutes") })
    }

    @Test(
        "the longest name and a long domain still make one segment, with the name's beginning",
        arguments: Language.allCases)
    func longest(_ language: Language) {
        let isGSM = !Self.beyondGSM.contains(language)
        let domain = String(repeating: "d", count: isGSM ? 120 : 32) + ".com"
        for name in [String(repeating: "A", count: 64), String(repeating: "Ж", count: 64)] {
            let short = name.first == "Ж" || !isGSM
            let text = Self.sms(language, name, domain: short ? "dddddddddddddddddddddddddddddddd.com" : domain)
            #expect(SegmentCount(of: text).segments == 1, "\(text)")
            #expect(text.contains(name.prefix(5)) && text.contains("402917388"))
        }
    }

    @Test("what cannot fit is not cut: code, binding and last line stay, in as many segments as it takes")
    func impossible() {
        let domain = String(repeating: "d.", count: 120) + "example.com"
        let text = Self.sms(.english, "MyApp", domain: domain)
        #expect(SegmentCount(of: text).segments == 2)
        #expect(text.hasPrefix("402917388 is your MyApp code") && text.hasSuffix("\n\n@\(domain) #402917388"))
        let bound = MessageValues(
            code: "402917", application: "Bank", minutes: 5, domain: nil,
            binding: [BindingMember(name: "payee", value: String(repeating: "x", count: 200))])
        #expect(MessageWriter(bound, in: .german).smsLines.last == "payee: " + String(repeating: "x", count: 200))
    }

    @Test("in every form the code stands free, once", arguments: Language.allCases)
    func free(_ language: Language) throws {
        let wording = Wording.of(language)
        for phrase in wording.short + [Wording.shortest, wording.mail.subjectWithCode] {
            let pieces = phrase.filled { $0 == "code" ? "\0" : "x" }.split(
                separator: "\0", omittingEmptySubsequences: false)
            try #require(pieces.count == 2)
            #expect(ShownText.isFree(pieces[0].unicodeScalars.reversed()), "\(phrase)")
            #expect(ShownText.isFree(pieces[1].unicodeScalars), "\(phrase)")
        }
        let mail = wording.mail
        for phrase in [mail.subject, mail.heading, mail.link] + mail.advice {
            #expect(!phrase.parts.contains(.place("code")))
        }
    }

    @Test("every language has its own words, and knows all places", arguments: Language.allCases)
    func places(_ language: Language) {
        let wording = Wording.of(language)
        let mail = wording.mail
        let phrases =
            wording.short + mail.advice
            + [wording.voice, wording.voiceAgain, mail.subject, mail.subjectWithCode, mail.heading, mail.link]
        for case .place(let name) in phrases.flatMap(\.parts) {
            #expect(["code", "app", "validity", "minutes"].contains(name))
        }
        for other in Language.allCases where other != language {
            #expect(Wording.of(other).mail.advice != mail.advice)
            #expect(Wording.of(other).voiceAgain != wording.voiceAgain)
        }
    }

    @Test(
        "minutes are counted as the language counts them",
        arguments: [
            (Language.english, 1, "1 minute"), (.english, 10, "10 minutes"), (.polish, 1, "1 minutę"),
            (.polish, 3, "3 minuty"), (.polish, 5, "5 minut"), (.russian, 2, "2 минуты"), (.russian, 10, "10 минут"),
            (.arabic, 1, "دقيقة واحدة"), (.arabic, 2, "دقيقتين"), (.arabic, 5, "5 دقائق"), (.japanese, 1, "1分間"),
        ])
    func minutes(_ language: Language, _ minutes: Int, _ text: String) {
        #expect(Wording.of(language).minutes.text(minutes) == text)
    }
}
