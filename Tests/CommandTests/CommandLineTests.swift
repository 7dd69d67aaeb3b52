import ArgumentParser
import Testing

@testable import countersign

@Suite("The command line")
struct CommandLineTests {
    /// A command and all below it.
    private static func all(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap { all($0) }
    }

    @Test("every command says what it is for, and no two of its options have one name")
    func help() {
        for command in Self.all(Countersign.self) {
            // The library checks the options of a command when it first reads them.
            #expect(!Countersign.helpMessage(for: command).isEmpty)
            #expect(!command.configuration.abstract.isEmpty, "\(command)")
        }
    }

    @Test("an identifier is given by its place or by its name, once", arguments: [["agt_1"], ["--id", "agt_1"]])
    func identifier(_ arguments: [String]) throws {
        let show = try #require(try Countersign.parseAsRoot(["agent", "show"] + arguments) as? AgentCommand.Show)
        #expect(show.agent.value == "agt_1")
    }

    @Test(
        "no identifier, an empty one, and two of them are refused", arguments: [[], [""], ["agt_1", "--id", "agt_2"]])
    func noIdentifier(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try Countersign.parseAsRoot(["agent", "revoke"] + arguments) }
    }

    @Test("the kill switch names one agent or all of them, never neither and never both")
    func killSwitch() throws {
        let stop = try #require(try Countersign.parseAsRoot(["agent", "stop", "--all"]) as? AgentCommand.Stop)
        #expect(stop.target.all && stop.target.id == nil)
        for arguments in [[], ["--id", ""], ["--id", "agt_1", "--all"]] {
            #expect(throws: (any Error).self) { try Countersign.parseAsRoot(["agent", "stop"] + arguments) }
        }
    }

    @Test("what somebody types as an identifier leads to no other path")
    func pathSegment() {
        #expect(PathSegment("../../v1/keys?x=#").description == "%2e%2e%2f%2e%2e%2fv1%2fkeys%3fx%3d%23")
        #expect(PathSegment("ada@example.com").description == "ada@example%2ecom")
        #expect(PathSegment("perm_01-a").description == "perm_01-a")
    }

    @Test("what an agent wrote neither moves the cursor nor hides text, and stays on its line")
    func visible() {
        let forged = "a\u{1B}[2K\nb\u{202E}c\u{2028}d"
        #expect(forged.visible() == #"a\u{1b}[2K\u{a}b\u{202e}c\u{2028}d"#)
        #expect(String(repeating: "x", count: 300).visible(atMost: 10) == "xxxxxxxxxx…")
        #expect("Grüße 👋".visible() == "Grüße 👋")
    }

    @Test("a time in the past is a number of days, hours or minutes, or a time")
    func pastTime() {
        let now: Int64 = 1_795_248_000_000
        #expect(PastTime("7d", now: now)?.milliseconds == now - 7 * 86_400_000)
        #expect(PastTime("12h", now: now)?.text == "2026-11-20T20:00:00Z")
        #expect(PastTime("30m", now: now)?.milliseconds == now - 1_800_000)
        #expect(PastTime("2026-11-21T08:00:00Z", now: now)?.milliseconds == now)
        #expect(PastTime("2026-11-21T08:00:00.500Z", now: now)?.milliseconds == now + 500)
        for text in ["", "7", "d", "-7d", "0d", "7w", "yesterday", "99999999999d"] {
            #expect(PastTime(text, now: now) == nil, "\(text)")
        }
    }
}
