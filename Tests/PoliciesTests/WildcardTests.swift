import Testing

@testable import Policies

@Suite struct WildcardTests {
    @Test(
        "a star stands for any characters",
        arguments: [
            ("*", "", true), ("*", "anything", true), ("a*", "a", true), ("a*", "abc", true), ("a*", "ba", false),
            ("*@a.com", "x@a.com", true), ("*@a.com", "x@a.com.evil", false), ("a*b*c", "aXbYc", true),
            ("a*b*c", "acb", false), ("a*a", "a", false), ("a*a", "aa", true), ("**", "x", true),
            ("*ab*ab*", "abab", true), ("*ab*ab*", "aba", false), ("", "", true), ("", "a", false),
            ("a.b", "aXb", false), ("a?", "ab", false),
        ])
    func stars(pattern: String, text: String, matches: Bool) {
        #expect(Wildcard(pattern).matches(text) == matches)
    }

    @Test(
        "a star takes in no control character and no way up",
        arguments: [
            "/data/../etc/passwd", "/data/..", "/data/a/../../b", "/data/..\\etc", "/data/a\nb", "/data/\0",
            "/data/\u{7f}",
        ])
    func hostile(text: String) {
        #expect(!Wildcard("/data/*").matches(text))
        #expect(!Wildcard("*/b").matches(text + "/b"))
        #expect(!Wildcard("/data*/b*").matches(text + "/b"))
    }

    @Test("two dots inside a name lead nowhere, and without a star a text matches itself whatever it holds")
    func harmless() {
        #expect(Wildcard("/data/*").matches("/data/a..b/..c"))
        #expect(Wildcard("../a\n").matches("../a\n"))
        #expect(!Wildcard("a").matches("A"))
        #expect(!Wildcard("jos\u{e9}*").matches("jose\u{301}"))
    }

    @Test("a wildcard covers another exactly if it matches all that the other does")
    func covers() {
        func covers(_ one: String, _ other: String) -> Bool {
            AllowedValue.text(Wildcard(one)).covers(.text(Wildcard(other)))
        }
        #expect(covers("*", "*@a.com"))
        #expect(covers("*.a.com", "*.b.a.com"))
        #expect(covers("a*c", "a*b*c"))
        #expect(!covers("*@a.com", "*"))
        #expect(!covers("bob@*", "*@a.com"))
        #expect(!covers("ab", "a*"))
        #expect(!covers("/data/*", "/data/../*"))
    }

    @Test("100,000 stars and letters take milliseconds")
    func hostileLength() {
        let pattern = Wildcard(String(repeating: "a*", count: 500) + "b")
        let text = String(repeating: "a", count: 100_000)
        let clock = ContinuousClock()
        #expect(clock.measure { _ = pattern.matches(text) } < .seconds(1))
    }
}
