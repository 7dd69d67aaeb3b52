import Testing

@testable import Messages

@Suite struct LanguageTests {
    @Test(
        "a reader gets the language asked for, else the country's, else English",
        arguments: [
            ("de", nil, Language.german), ("de-AT", "FR", .german), ("pt_BR", nil, .portuguese),
            ("zh-Hant-TW", "US", .chinese), ("EN-gb", "DE", .english), (nil, "AT", .german), (nil, "mx", .spanish),
            (nil, "GB", .english), (nil, nil, .english), (nil, "ZZ", .english), ("sv", "DE", .german),
            ("sv", nil, .english), ("in", nil, .indonesian),
        ] as [(String?, String?, Language)])
    func choice(_ locale: String?, _ region: String?, _ language: Language) throws {
        let tag = try locale.map { try #require(LanguageTag($0)) }
        #expect(MessageLanguage(locale: tag, region: region).language == language)
    }

    @Test("own templates are looked for from the nearest tag to the farthest")
    func candidates() throws {
        let brazilian = try #require(LanguageTag("pt-BR"))
        #expect(MessageLanguage(locale: brazilian, region: "DE").candidates == ["pt-br", "pt"])
        let swedish = try #require(LanguageTag("sv-SE"))
        #expect(MessageLanguage(locale: swedish, region: "DE").candidates == ["sv-se", "sv", "de"])
        let privateUse = try #require(LanguageTag("zh-Hant-x-old"))
        #expect(MessageLanguage(locale: privateUse, region: nil).candidates == ["zh-hant-x-old", "zh-hant", "zh"])
    }

    @Test(
        "what is no language tag is none",
        arguments: [
            "", "d", "de-", "-de", "de--at", "1de", "de at", "de;q=1", "*", "deutschland", "de\n", "dé",
            "en-" + String(repeating: "a-", count: 20) + "b",
        ])
    func malformed(_ text: String) { #expect(LanguageTag(text) == nil) }
}
