import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct ShortTemplateTests {
        @Test(
            "the code stands where the placeholder stood",
            arguments: [
                ("{{.OtpCode}}", "402917"), ("Your code is {{.OtpCode}}", "Your code is 402917"),
                ("Code: {{.OtpCode}}. Never share it!", "Code: 402917. Never share it!"),
                ("({{.OtpCode}}), please", "(402917), please"),
                ("¿{{.OtpCode}}?".replacing("¿", with: "? "), "? 402917?"),
                ("کد شما {{.OtpCode}} است می\u{200C}باشد", "کد شما 402917 است می\u{200C}باشد"),
                (
                    "See https://example.com/help {{.OtpCode}} 👩\u{200D}🚀",
                    "See https://example.com/help 402917 👩\u{200D}🚀"
                ),
            ])
        func filled(_ template: String, _ text: String) throws {
            #expect(try #require(ShortTemplate(template)).filled(with: "402917") == text)
        }

        @Test(
            "a text without exactly one placeholder is refused",
            arguments: [
                "", "Your code", "{{.OtpCode}} {{.OtpCode}}", "{{.OtpCode}}{{.OtpCode}}", "{{ .OtpCode }}",
                "{{.otpcode}}",
                "{{.OtpCode}", "{.OtpCode}", "{{.OtpCode}} {{.AppName}}", "{{ {{.OtpCode}}", "{{.OtpCode}} }}",
                "{{{.OtpCode}}}", "{{{{.OtpCode}}}}",
            ])
        func placeholders(_ template: String) { #expect(ShortTemplate(template) == nil) }

        /// What phones and mail programs make a link or a number to call of, with the code in it.
        @Test(
            "the code is never part of a word, an address or a number",
            arguments: [
                "https://evil.example/{{.OtpCode}}", "https://evil.example/?c={{.OtpCode}}",
                "evil.example/?{{.OtpCode}}",
                "https://evil.example/:{{.OtpCode}}", "https://evil.example/x.{{.OtpCode}}",
                "evil.example/({{.OtpCode}})",
                "evil.example/;{{.OtpCode}}", "evil.example/!{{.OtpCode}}", "evil.example/,{{.OtpCode}}",
                "{{.OtpCode}}.evil.example", "({{.OtpCode}}.evil.example)", "{{.OtpCode}}:x@evil.example",
                "{{.OtpCode}}@evil.example", "tel:{{.OtpCode}}", "mailto:{{.OtpCode}}", "+1900555,{{.OtpCode}}",
                "{{.OtpCode}},1", "#{{.OtpCode}}", "@evil.example #{{.OtpCode}}", "x{{.OtpCode}}", "{{.OtpCode}}x",
                "-{{.OtpCode}}", "{{.OtpCode}}/", "\"{{.OtpCode}}\"", "evil.example/\u{A0}{{.OtpCode}}",
                "evil.example/\u{3000}{{.OtpCode}}", "evil.example/\u{200D}{{.OtpCode}}", "{{.OtpCode}}\u{301}",
                "{{.OtpCode}}\u{FE0F}", "evil.example/。{{.OtpCode}}",
            ])
        func neighbours(_ template: String) { #expect(ShortTemplate(template) == nil) }

        @Test(
            "characters that add a line, turn the text or hide some of it are refused",
            arguments: [
                "\n", "\r", "\t", "\0", "\u{7F}", "\u{85}", "\u{200B}", "\u{200E}", "\u{202E}", "\u{2066}", "\u{2028}",
                "\u{2029}", "\u{FEFF}", "\u{AD}", "\u{E000}", "\u{FFFF}", "\u{E0041}",
            ])
        func characters(_ character: String) {
            #expect(ShortTemplate("Code {{.OtpCode}} here a\(character)b") == nil)
        }

        @Test("a text has an end")
        func length() {
            let most = "{{.OtpCode}} " + String(repeating: "a", count: ShortTemplate.longest - 13)
            #expect(ShortTemplate(most) != nil)
            #expect(ShortTemplate(most + "a") == nil)
            #expect(ShortTemplate(most + "\u{301}") == nil)
        }
    }
}
