import Testing

@testable import Configuration

@Suite("An unknown setting")
struct UnknownSettingTests {
    private func finish(_ root: Section) -> String? {
        refusal { () throws(ConfigurationError) in try root.finish() }
    }

    @Test("is refused with its line, what is allowed, and what was probably meant")
    func unknown() throws {
        let root = try settings("issuer: a\n\n\n\n\n\nlisen: b\n")
        for name in ["listen", "issuer", "log"] { _ = try root.string(name) }
        #expect(
            finish(root)
                == "test.yaml:7: unknown setting \"lisen\"; allowed here: issuer, listen, log (did you mean \"listen\"?)"
        )
    }

    @Test("is refused without a guess where nothing comes close")
    func noGuess() throws {
        let root = try settings("colour: a\n")
        _ = try root.string("issuer")
        #expect(finish(root) == "test.yaml:1: unknown setting \"colour\"; allowed here: issuer")
        #expect(finish(try settings("a: 1")) == "test.yaml:1: unknown setting \"a\"; allowed here: nothing")
    }

    @Test("is found in sections and lists of sections, too")
    func nested() throws {
        let root = try settings("smtp:\n  host: a\n  auth:\n    usr: b\n")
        let authentication = try #require(try root.section("smtp")?.section("auth"))
        _ = try root.section("smtp")?.string("host")
        _ = try authentication.string("user")
        #expect(
            finish(root)
                == "test.yaml:4: unknown setting \"smtp.auth.usr\"; allowed here: user (did you mean \"user\"?)")

        let list = try settings("providers:\n- name: a\n- name: b\n  kind: c\n")
        for provider in try list.requiredSections("providers") { _ = try provider.string("name") }
        #expect(finish(list) == "test.yaml:4: unknown setting \"providers[1].kind\"; allowed here: name")
    }

    @Test("may not be a section that nobody asked for")
    func section() throws {
        #expect(finish(try settings("smtp:\n  host: a\n"))?.contains("unknown setting \"smtp\"") == true)
    }

    @Test("cannot hide behind one section that is read twice")
    func readTwice() throws {
        let root = try settings("smtp:\n  host: a\n  port: 5\n")
        _ = try root.section("smtp")?.string("host")
        _ = try root.section("smtp")?.integer("port", in: 1...9)
        #expect(finish(root) == nil)
        let other = try settings("smtp:\n  host: a\n  prt: 5\n")
        _ = try other.section("smtp")?.string("host")
        _ = try other.section("smtp")?.integer("port", in: 1...9)
        #expect(
            finish(other)
                == "test.yaml:3: unknown setting \"smtp.prt\"; allowed here: host, port (did you mean \"port\"?)")
    }
}
