import Testing

@testable import API

@Suite("HTML")
struct HTMLTests {
    @Test("a text cannot become markup, neither between tags nor in an attribute")
    func escaping() {
        let text = #"<b a='1' b="2">&amp;</b>"#
        let page: HTML = #"<p title="\#(text)">\#(text)</p>"#
        let escaped = "&lt;b a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;amp;&lt;/b&gt;"
        #expect(page.text == #"<p title="\#(escaped)">\#(escaped)</p>"#)
    }

    @Test(
        "what breaks a line, steers or hides text shows as a mark",
        arguments: [
            "\n", "\r", "\0", "\u{1B}", "\u{7F}", "\u{85}", "\u{AD}", "\u{200B}", "\u{200F}", "\u{2028}", "\u{202E}",
            "\u{2066}", "\u{FEFF}", "\u{E0041}", "\u{E000}",
        ])
    func hidden(_ text: String) {
        let page: HTML = "<p>\("a" + text + "b")</p>"
        #expect(page.text == "<p>a\u{FFFD}b</p>")
    }

    @Test("pieces stay markup, and other letters stay as they are")
    func pieces() {
        let items = ["ä", "日本", "👍"].map { text -> HTML in "<li>\(text)</li>" }
        let nothing: HTML? = nil
        let page: HTML = "<ul>\(items)</ul>\(nothing)\(7)"
        #expect(page.text == "<ul><li>ä</li><li>日本</li><li>👍</li></ul>7")
    }
}
