import Testing

@testable import Configuration

@Suite("A setting")
struct ReadingTests {
    private enum Mode: String, CaseIterable { case starttls, implicit }

    private let example = """
        # A comment
        issuer: https://example.com
        listen: "127.0.0.1:3000"   # another
        port: 587
        debt: -3
        code_in_subject: true
        strict: false
        tls: implicit
        number_as_text: 007
        smtp:
          host: mail.example.com
          password: 'it''s: a # secret'
        list: [one, "two"]
        lines:
        - three
        - "4"
        nobody: []
        providers:
          - name: a
          - name: b
            port: 25
        nothing:
        folded: >
          a
          b
        """

    @Test("is read as what it is asked for as")
    func values() throws {
        let root = try settings(example)
        #expect(try root.string("issuer") == "https://example.com")
        #expect(try root.requiredString("listen") == "127.0.0.1:3000")
        #expect(try root.integer("port", in: 1...65_535) == 587)
        #expect(try root.requiredInteger("debt", in: -3...0) == -3)
        #expect(try root.boolean("code_in_subject") == true)
        #expect(try root.requiredBoolean("strict") == false)
        #expect(try root.choice("tls", of: ["starttls", "implicit"]) == "implicit")
        #expect(try root.requiredChoice("tls", of: Mode.self) == .implicit)
        #expect(try root.string("number_as_text") == "007")
        #expect(try root.requiredSection("smtp").requiredSecret("password").reveal() == "it's: a # secret")
        #expect(try root.section("smtp")?.string("host") == "mail.example.com")
        #expect(try root.strings("list") == ["one", "two"])
        #expect(try root.requiredStrings("lines") == ["three", "4"])
        #expect(try root.strings("nobody") == [])
        #expect(try root.requiredSections("providers").map { try $0.integer("port", in: 1...99) } == [nil, 25])
        for provider in try root.sections("providers") ?? [] { _ = try provider.string("name") }
        #expect(try root.section("nothing")?.string("anything") == nil)
        #expect(try root.string("folded") == "a b")
        try root.finish()
    }

    @Test("that is absent is nil, or an error where it is required")
    func absent() throws {
        let root = try settings("smtp:\n  host: a\n")
        #expect(try root.string("a") == nil)
        #expect(try root.integer("a", in: 0...1) == nil)
        #expect(try root.boolean("a") == nil)
        #expect(try root.choice("a", of: ["b"]) == nil)
        #expect(try root.strings("a") == nil)
        #expect(try root.secret("a")?.reveal() == nil)
        #expect(try root.section("a") == nil)
        #expect(try root.sections("a") == nil)
        #expect(
            refusal { () throws(ConfigurationError) in _ = try root.requiredString("a") } == "test.yaml: a is missing")
        #expect(
            refusal { () throws(ConfigurationError) in _ = try root.requiredSecret("b") } == "test.yaml: b is missing")
        let smtp = try root.requiredSection("smtp")
        #expect(
            refusal { () throws(ConfigurationError) in _ = try smtp.requiredInteger("port", in: 0...1) }
                == "test.yaml:2: smtp.port is missing")
    }

    @Test("that is required but misspelt is found")
    func misspelt() throws {
        let root = try settings("listen: a\nisuer: b\n")
        #expect(
            refusal { () throws(ConfigurationError) in _ = try root.requiredString("issuer") }
                == "test.yaml: issuer is missing (line 2 has \"isuer\")")
    }

    @Test(
        "that is no whole number in its range is refused, and the message says what is allowed",
        arguments: [
            ("abc", "not \"abc\""), ("0", "not \"0\""), ("65536", "not \"65536\""), ("-1", "not \"-1\""),
            ("0x10", "not \"0x10\""), ("010", "not \"010\""), ("1_000", "not \"1_000\""), ("1e3", "not \"1e3\""),
            ("1.0", "not \"1.0\""), ("+5", "not \"+5\""), ("5 6", "not \"5 6\""), ("٣", "not \"٣\""),
            ("99999999999999999999", "not \"99999999999999999999\""), ("\"587\"", "not the text \"587\""),
            ("", "but it has no value"), ("~", "but it has no value"), ("[1]", "not a list"),
            ("{a: 1}", "not a section"),
        ])
    func wrongInteger(value: String, found: String) throws {
        let smtp = try #require(try settings("smtp:\n  host: a\n\n  port: \(value)\n  tls: b\n").section("smtp"))
        #expect(
            refusal { () throws(ConfigurationError) in _ = try smtp.integer("port", in: 1...65_535) }
                == "test.yaml:4: smtp.port must be a whole number from 1 to 65535, \(found)")
    }

    @Test(
        "is true or false; YAML's other words for them are refused",
        arguments: ["yes", "on", "True", "1", "\"true\"", "n"])
    func wrongBoolean(value: String) throws {
        let root = try settings("a: 1\ncode_in_subject: \(value)\n")
        let message = refusal { () throws(ConfigurationError) in _ = try root.boolean("code_in_subject") }
        #expect(message?.hasPrefix("test.yaml:2: code_in_subject must be true or false, not ") == true)
    }

    @Test("is one of the words allowed")
    func wrongChoice() throws {
        let root = try settings("tls: ssl\nother: [a]\n")
        #expect(
            refusal { () throws(ConfigurationError) in _ = try root.choice("tls", of: Mode.self) }
                == "test.yaml:1: tls must be one of starttls, implicit, not \"ssl\"")
        #expect(
            refusal { () throws(ConfigurationError) in _ = try root.choice("other", of: ["a", "b"]) }
                == "test.yaml:2: other must be one of a, b, not a list")
    }

    @Test(
        "that should be text is not a list, a section, empty, nothing, or text that C would cut short",
        arguments: [
            ("[a]", "must be text, not a list"), ("{a: b}", "must be text, not a section"),
            ("\"\"", "must not be empty"),
            ("", "must be text, but it has no value"), ("null", "must be text, but it has no value"),
            ("\"a\\0b\"", "must not contain the character U+0000"),
        ])
    func wrongText(value: String, message: String) throws {
        let root = try settings("\n\nissuer: \(value)\nlist: [b, \(value)]\npassword: \(value)")
        #expect(
            refusal { () throws(ConfigurationError) in _ = try root.string("issuer") }
                == "test.yaml:3: issuer \(message)")
        #expect(
            refusal { () throws(ConfigurationError) in _ = try root.secret("password") }
                == "test.yaml:5: password \(message)")
    }

    @Test("that should be a list or a section is no other thing")
    func wrongCollections() throws {
        let root = try settings("a: b\nc: [d, [e], {f: g}]\nh: [{i: j}, k]\n")
        func message(_ body: () throws(ConfigurationError) -> Void) -> String? { refusal(body) }
        #expect(
            message { () throws(ConfigurationError) in _ = try root.strings("a") }
                == "test.yaml:1: a must be a list of texts, not \"b\"")
        #expect(
            message { () throws(ConfigurationError) in _ = try root.strings("c") }
                == "test.yaml:2: c[1] must be text, not a list")
        #expect(
            message { () throws(ConfigurationError) in _ = try root.section("a") }
                == "test.yaml:1: a must be a section with settings of its own, not \"b\"")
        #expect(
            message { () throws(ConfigurationError) in _ = try root.section("c") }
                == "test.yaml:2: c must be a section with settings of its own, not a list")
        #expect(
            message { () throws(ConfigurationError) in _ = try root.sections("h") }
                == "test.yaml:3: h[1] must be a section with settings of its own, not \"k\"")
    }

    @Test("can be refused by its reader, with file, line and full name")
    func ownChecks() throws {
        let smtp = try #require(try settings("smtp:\n  tls: none\n  host: b a\n").section("smtp"))
        #expect("\(smtp.error("host", "must be a host name"))" == "test.yaml:3: smtp.host must be a host name")
    }

    @Test("appears in a message in one line, without control characters, and 40 characters long at most")
    func quoting() {
        #expect(quoted("a\nb\u{1b}[2J") == "\"a\u{fffd}b\u{fffd}[2J\"")
        #expect(quoted(String(repeating: "x", count: 41)) == "\"" + String(repeating: "x", count: 40) + "…\"")
    }
}
