import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct LinkTemplateTests {
        private static let prefixes = [
            "https://app.example.com/verify?code=", "https://login.example.com/go/", "https://x.example.com/#c=",
        ]
        private func template(_ text: String) throws(CustomizationError) -> LinkTemplate {
            try LinkTemplate(text, under: Self.prefixes.compactMap(LinkPrefix.init))
        }

        @Test(
            "a link under an allowed prefix carries the code where the placeholder stood",
            arguments: [
                ("https://app.example.com/verify?code=%s", "https://app.example.com/verify?code=402917"),
                (
                    "https://app.example.com/verify?code=%s&lang=de",
                    "https://app.example.com/verify?code=402917&lang=de"
                ),
                ("https://login.example.com/go/a/%s/b?x=1", "https://login.example.com/go/a/402917/b?x=1"),
                ("https://x.example.com/#c=%s", "https://x.example.com/#c=402917"),
            ])
        func filled(_ text: String, _ link: String) throws {
            #expect(try template(text).filled(with: "402917") == link)
        }

        @Test(
            "a link elsewhere is refused",
            arguments: [
                "https://evil.example/%s", "https://app.example.com.evil.example/verify?code=%s",
                "https://app.example.com@evil.example/verify?code=%s", "http://app.example.com/verify?code=%s",
                "https://app.example.com/other?code=%s", "https://app.example.com/verify?cod%s",
                "https://%s.evil.example/https://app.example.com/verify?code=",
                "HTTPS://app.example.com/verify?code=%s",
                " https://app.example.com/verify?code=%s", "https://login.example.com/go/../out/%s",
                "https://login.example.com/go/%2e%2e/out/%s", "https://login.example.com/go/..%s",
                "https://login.example.com/go/%s/..", "https://login.example.com/go//evil.example/%s",
                "https://login.example.com/go//%s", "https://login.example.com/go/\\..\\%s",
                "https://app.example.com/verify?code=%s&next=https://evil.example",
                "https://app.example.com/verify?code=%s&next=//evil.example",
                "https://app.example.com/verify?code=%s\"><img src=x>",
                "https://app.example.com/verify?code=%s\r\nBcc: x",
                "https://app.example.com/verify?code=%s#x", "https://app.example.com/verify?code=%s é", "javascript:%s",
            ])
        func elsewhere(_ text: String) {
            #expect(throws: CustomizationError.linkNotAllowed) { try template(text) }
        }

        @Test(
            "a link without exactly one placeholder is refused, and one without end",
            arguments: [
                "https://app.example.com/verify?code=", "https://app.example.com/verify?code=%s%s",
                "https://app.example.com/verify?code=%S",
                "https://app.example.com/verify?code=%s" + String(repeating: "a", count: 2048),
            ])
        func malformed(_ text: String) { #expect(throws: CustomizationError.malformed) { try template(text) } }

        @Test("without a prefix in the settings no link is allowed")
        func noPrefix() {
            #expect(throws: CustomizationError.linkNotAllowed) {
                try LinkTemplate("https://app.example.com/verify?code=%s", under: [])
            }
        }

        @Test(
            "a prefix reaches past its host, or it is none",
            arguments: [
                "https://app.example.com", "https://app.example.com:443", "https://", "http://app.example.com/",
                "app.example.com/", "https://app.example.com/%s", "https://app.example.com/a/../b/",
                "https://user@app.example.com/", "https://app.example.com/ä", "https://app.example.com/#a b", "",
            ])
        func prefixes(_ text: String) { #expect(LinkPrefix(text) == nil) }
    }
}
