import Encodings
import EnclaveLink
import Glibc
import JOSE

/// Tries, inside a closed sandbox, what an attacker in the enclave would try.
public struct SelfTest: Sendable {
    /// One try and what it got.
    public struct Finding: Equatable, Sendable {
        public let attempt: String
        /// Nil if it was possible, else the system's name for the refusal.
        public let refusal: String?
    }

    public let isolation: IsolationReport
    public let findings: [Finding]

    /// True if nothing was possible.
    public var passed: Bool { findings.allSatisfy { $0.refusal != nil } }

    /// Closes a sandbox around this very process and tries everything. The process is of no more use afterwards.
    public static func run() -> SelfTest {
        Sandbox.dropInheritance(closingFrom: 3)
        var sandbox = Sandbox()
        sandbox.isolate(host: nil)
        let probe = SandboxProbe()
        let isolation = sandbox.close(anchor: probe.anchor)
        return SelfTest(isolation: isolation, findings: probe.tryEverything())
    }

    /// One line for each try.
    public var text: String {
        findings.map { "\($0.attempt): \($0.refusal.map { "refused (\($0))" } ?? "POSSIBLE")\n" }.joined()
            + (passed ? "The sandbox holds.\n" : "The sandbox does NOT hold.\n")
    }

    /// `{"passed":…,"findings":[{"attempt":…,"refusal":…}]}`
    public var json: String {
        let list = findings.map {
            "{\"attempt\":\(JSONText.quoted($0.attempt)),\"refusal\":\($0.refusal.map(JSONText.quoted) ?? "null")}"
        }
        return "{\"passed\":\(passed),\"isolation\":\(isolation.json),\"findings\":[\(list.joined(separator: ","))]}\n"
    }
}

extension IsolationReport {
    /// The walls by name, in the order in which the greeting carries them.
    var walls: [(name: String, stands: Bool)] {
        [
            ("systemCallFilter", systemCallFilter), ("networkNamespace", networkNamespace),
            ("noNewPrivileges", noNewPrivileges), ("notDumpable", notDumpable), ("memoryLocked", memoryLocked),
            ("separateUser", separateUser),
        ]
    }

    fileprivate var json: String {
        "{" + walls.map { "\"\($0.name)\":\($0.stands)" }.joined(separator: ",") + "}"
    }
}
