import Foundation
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

    @Test(
        "a star takes in nothing that a service could resolve to another place",
        arguments: [
            "/etc/passwd", "a//b", "a//", "./a", "a/./b", "a/.", ".", "..", "a/..;/b", "..;x=1/b", ".;/a", "a\\b", "\\",
            "%2e%2e/b", "%2E./b", "a%2fb", "a%2Fb", "a%5cb", "a%5Cb", "a%00.txt", "a%0ab", "a%0Db", "%252e%252e",
            "a%7f",
            "%c0%ae%c0%ae/b", "%C1%9c", "a\u{85}b", "a\u{2028}b", "a\tb",
        ])
    func elsewhere(text: String) {
        #expect(!Wildcard("/data/*").matches("/data/" + text))
        #expect(!Wildcard("/data/*/*").matches("/data/x/" + text))
        #expect(!Wildcard("/data/*/end").matches("/data/" + text + "/end"))
        #expect(!Wildcard("https://*/x").matches("https://a.com/" + text + "/x"))
    }

    @Test(
        "an escape or a segment that begins in the wildcard's own text is seen too",
        arguments: [
            ("/data/.*", "/data/."), ("/data/.*", "/data/.."), ("/data/%*", "/data/%2e"), ("/data/%2*", "/data/%2E./x"),
            ("/data*", "/data//etc"), ("/data/*.", "/data/."), ("/data/*.", "/data/.."), ("*/b", "a//b"),
            ("*e", "%2e"), ("/a/*/b", "/a//b"),
        ])
    func straddling(pattern: String, text: String) {
        #expect(!Wildcard(pattern).matches(text))
    }

    @Test(
        "what the wildcard says itself it matches, and what leads nowhere else a star takes in",
        arguments: [
            ("https://a.com/*", "https://a.com/b/c"), ("https://*", "https://a.com/b"), ("*", "https://a.com/b"),
            ("*", "/data/a"), ("/data/*", "/data/"), ("/data/*", "/data/a/"), ("./data/*", "./data/a"),
            ("C:\\data\\*", "C:\\data\\a.txt"), ("/a%2Fb/*", "/a%2Fb/c"), ("/data//*", "/data//a"),
            ("/data/*", "/data/50%"), ("/data/*", "/data/a%20b"), ("/data/*", "/data/.hidden"),
            ("/data/*", "/data/..."), ("/data/*", "/data/a;b"), ("*@a.com", "x.y@a.com"),
        ])
    func ownText(pattern: String, text: String) {
        #expect(Wildcard(pattern).matches(text))
    }

    @Test("whatever a star takes in, the path resolves to a place below what stands before the star", arguments: 0..<20)
    func resolved(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let pieces = ["a", ".", "..", "/", "\\", "%2e", "%2F", "%5c", "%25", ";", "b", "%", "2e", "\n"]
        var accepted = 0
        for _ in 0..<2_000 {
            let count = Int.random(in: 1...6, using: &numbers)
            let tail = (0..<count).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
            guard Wildcard("/data/*").matches("/data/" + tail) else { continue }
            accepted += 1
            #expect(Self.place("/data/" + tail).hasPrefix("/data/"), "\(tail)")
        }
        #expect(accepted > 50)
    }

    /// Where a careless service would end up: it decodes twice, takes both slashes, drops parameters, and joins from the
    /// root where there are two slashes.
    private static func place(_ path: String) -> String {
        var path = path
        for (escape, character) in [("%25", "%"), ("%2e", "."), ("%2f", "/"), ("%5c", "/"), ("\\", "/")] {
            path = path.replacing(escape, with: character).replacing(escape.uppercased(), with: character)
        }
        if let root = path.dropFirst().range(of: "//") { path = String(path[root.upperBound...]) }
        var names: [Substring] = []
        for name in path.split(separator: "/", omittingEmptySubsequences: false).map({ $0.prefix { $0 != ";" } }) {
            switch name {
            case ".": continue
            case "..": _ = names.popLast()
            default: names.append(name)
            }
        }
        return names.joined(separator: "/")
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
