import Testing

@testable import Messages

@Suite struct AlphabetTests {
    @Test("the standard's table is whole: 127 characters and an escape, ten more behind it, none twice")
    func table() {
        #expect(StandardAlphabet.basic.count == 128 && StandardAlphabet.basic.count { $0 == nil } == 1)
        let all = StandardAlphabet.basic.compactMap { $0 } + StandardAlphabet.extended
        #expect(all.count == 137 && Set(all).count == 137)
    }

    @Test("every character of the first two planes counts as the standard's table has it")
    func characters() {
        let wrong = (0...UInt32(0x1FFFF)).compactMap(UnicodeScalar.init).filter { scalar in
            GSM7.septets(scalar) != StandardAlphabet.septets(scalar)
        }
        #expect(wrong == [])
    }

    @Test("a text of every character of the alphabet is GSM-7, with two septets for what is escaped")
    func all() {
        let scalars = (StandardAlphabet.basic.compactMap { $0 } + StandardAlphabet.extended).compactMap(
            UnicodeScalar.init)
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        let count = SegmentCount(of: text)
        #expect(count.encoding == .gsm7 && count.units == 147 && count.segments == 1)
        #expect(SegmentCount(of: text + "\u{1B}").encoding == .ucs2)
    }

    @Test("messages of every language have as many segments as the standard's table says", arguments: Language.allCases)
    func languages(_ language: Language) {
        let wording = Wording.of(language)
        let domains = [nil, "example.com", String(repeating: "d", count: 120) + ".com"]
        for name in ["MyApp", String(repeating: "[€]", count: 21), "Größe ✓", String(repeating: "Ж", count: 64)] {
            for domain in domains {
                let values = MessageValues(
                    code: "402917388", application: name, minutes: 10, domain: domain,
                    binding: domain == nil ? [BindingMember(name: "payee", value: "{\(name)}")] : [])
                let writer = MessageWriter(values, in: language)
                for text in wording.short.map({ writer.filled($0) }) + [writer.text(as: .sms)] {
                    #expect(SegmentCount(of: text).segments == StandardAlphabet.segments(text), "\(text)")
                }
            }
        }
    }
}
