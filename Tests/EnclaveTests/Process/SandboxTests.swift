import JOSE
import Testing

@testable import Enclave

@Suite("the sandbox", .timeLimit(.minutes(1)))
struct SandboxTests {
    private static let attempts = [
        "open a file", "make a socket", "connect a socket made before", "write into the middle of a file opened before",
        "start a process", "attach a debugger", "map executable memory", "make memory executable",
        "read another process's memory",
        "send a signal to another process",
    ]

    @Test("inside it nothing is possible that an attacker would try", arguments: ["--self-test", "self-test"])
    func selfTest(form: String) throws {
        let (code, output) = try BuiltEnclave.run([form])
        #expect(code == 0)
        let lines = output.split(separator: "\n")
        for attempt in Self.attempts { #expect(lines.contains { $0.hasPrefix("\(attempt): refused (E") }) }
        #expect(lines.count == Self.attempts.count + 1)
    }

    @Test("the self-test speaks JSON too")
    func json() throws {
        let (code, output) = try BuiltEnclave.run(["--self-test", "--json"])
        let report = try JSONValue(parsing: Array(output.utf8))
        #expect(code == 0 && report["passed"] == .boolean(true))
        #expect(report["isolation"]?["systemCallFilter"] == .boolean(true))
        #expect(report["findings"]?.elements?.map { $0["attempt"]?.text } == Self.attempts)
    }

    @Test("without the sandbox the same tries succeed, so that the self-test means something")
    func open() {
        let probe = SandboxProbe()
        #expect(probe.openFile() == 0)
        #expect(probe.makeSocket() == 0)
        #expect(probe.writeIntoFile() == 0)
        #expect(probe.startProcess() == 0)
        #expect(probe.mapExecutableMemory() == 0)
        #expect(probe.makeMemoryExecutable() == 0)
        #expect(probe.signalOther() == 0)
    }

    @Test("a self-test that found something possible says so")
    func failing() {
        let test = SelfTest(
            isolation: .none,
            findings: [
                SelfTest.Finding(attempt: "open a file", refusal: nil),
                SelfTest.Finding(attempt: "make a socket", refusal: "EPERM"),
            ])
        #expect(!test.passed && test.text.contains("open a file: POSSIBLE"))
        #expect(test.json.hasPrefix(#"{"passed":false"#))
    }
}
