import Policies
import Testing

@Suite struct PatternTests {
    @Test("a pattern is found anywhere, unless it is tied to the ends")
    func found() throws {
        #expect(try Pattern("b+").isFound(in: "abbc") == true)
        #expect(try Pattern("^b+$").isFound(in: "abbc") == false)
        #expect(try Pattern("^b+$").isFound(in: "bb") == true)
        #expect(try Pattern("b$").isFound(in: "bc") == false)
        #expect(try Pattern("(?i)BANK").isFound(in: "bank") == true)
        #expect(try Pattern("BANK").isFound(in: "bank") == false)
    }

    @Test(
        "10: of a text with a control character or a line break no pattern says anything",
        arguments: ["\0", "\n", "\r", "\t", "\u{1b}", "\u{7f}", "\u{80}", "\u{85}", "\u{9f}", "\u{2028}", "\u{2029}"])
    func controls(character: String) throws {
        for text in ["b\(character)", "\(character)b", "a\(character)b", "é\(character)b"] {
            for pattern in ["b", "b$", "^a", "(?s).*", "(?m)^b$", "z", ""] {
                #expect(try Pattern(pattern).isFound(in: text) == nil, "\(pattern)")
            }
        }
    }

    @Test("a dot is one character, however many bytes it takes")
    func characters() throws {
        #expect(try Pattern("^.$").isFound(in: "é") == true)
        #expect(try Pattern("^.$").isFound(in: "🔑") == true)
        #expect(try Pattern("^.+$").isFound(in: " ~\u{a0}\u{a8}\u{2027}\u{202a}\u{20a8}\u{e0a8}") == true)
        #expect(try Pattern("").isFound(in: "") == true)
    }

    @Test(
        "14: what is no pattern, or needs more than linear time, is refused with a reason",
        arguments: ["(", "[", "*", "a**b(", "(a)\\1", "(?=a)", "(?<!a)b", "\\", "a{1001}"])
    func invalid(text: String) {
        #expect { try Pattern(text) } throws: { error in
            (error as? ValueFault)?.message.hasPrefix("is not a valid pattern: ") == true
        }
    }

    @Test("a pattern of more than 1,000 bytes, or one that unfolds to a huge program, is refused")
    func tooLarge() throws {
        #expect(throws: ValueFault.self) { try Pattern(String(repeating: "a", count: 1_001)) }
        #expect(throws: ValueFault.self) { try Pattern("((a{100}){100}){10}") }
        _ = try Pattern(String(repeating: "a", count: 1_000))
    }

    @Test(
        "14: 100,000 characters take under 50 ms, whatever the pattern",
        arguments: ["(a+)+$", "(a|a)*$", "(a|aa)+$", "([a-zA-Z]+)*$", "^(([a-z])+.)+[A-Z]([a-z])+$"])
    func catastrophic(text: String) throws {
        let pattern = try Pattern(text)
        let input = String(repeating: "a", count: 100_000) + "!"
        let clock = ContinuousClock()
        // The machine may be busy with something else for a moment: one of three tries has to make it.
        let fastest = (0..<3).map { _ in clock.measure { #expect(pattern.isFound(in: input) != nil) } }.min()
        #expect(try #require(fastest) < .milliseconds(50))
    }

    @Test("14: a pattern whose program is large looks at short texts only, and says so of others")
    func largeProgram() throws {
        let pattern = try Pattern("([ab]{0,250}a){0,4}c$")
        #expect(pattern.isFound(in: "abac") == true)
        let text = String(repeating: "ab", count: 50_000)
        let clock = ContinuousClock()
        let time = clock.measure { #expect(pattern.isFound(in: text) == nil) }
        #expect(time < .milliseconds(50))
    }

    @Test("many tasks at once each get the answer for their own text")
    func parallel() async throws {
        let pattern = try Pattern("^[0-9]+7$")
        let wrong = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask { (0..<2_000).count { pattern.isFound(in: "1\($0)\(task)") != (task == 7) } }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
