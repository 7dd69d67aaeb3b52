import ArgumentParser
import Glibc

/// Measures Countersign beside its references and says whether it is fast enough.
@main
struct CountersignBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign-bench",
        abstract: "Measures Countersign beside its references, all on this machine, and compares with the targets.",
        discussion: "Exits with 1 where a target is missed. Progress goes to the standard error.",
        subcommands: [Measure.self, Soak.self, PlainServer.self, RoomServer.self, SlowClients.self],
        defaultSubcommand: Measure.self)
}

/// Runs the scenarios.
struct Measure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "measure", abstract: "Run the scenarios.")

    private static let scenarios: [any (Scenario & Sendable).Type] = [
        HTTPLayerScenario.self, TransportScenario.self, SlowClientsScenario.self, SendAndVerifyScenario.self,
        SealedFlowScenario.self,
        ManyChallengesScenario.self,
        PermissionScenario.self, PoliciesScenario.self, LogScenario.self, AuditCostScenario.self, LargeLogScenario.self,
        WaitingScenario.self, ProviderScenario.self, GuardScenario.self, WarmStartScenario.self,
    ]

    @Option(help: "How often each measurement is repeated; the median counts.")
    var runs = 5

    @Option(help: "Seconds that one run takes.")
    var seconds = 4.0

    @Option(help: "How many live challenges to measure with.")
    var challenges = 100_000

    @Option(help: "How many clients wait at once.")
    var waiting = 10_000

    @Option(help: "How many entries the large audit log has; 3,000,000 take 1.1 GB below --folder meanwhile.")
    var entries = 3_000_000

    @Option(
        help: """
            Only these scenarios: http, tls, slow-clients, passcodes, sealed, challenges, permissions, policies, log, audit, large-log, \
            waiting, providers, guard, start. May be given more than once.
            """
    )
    var only: [String] = []

    @Option(help: "A folder on the disk to measure; data is kept in it while the benchmark runs.")
    var folder = "."

    @Option(help: "The program that measures Cedar for the scenario policies.")
    var cedar = "scripts/benchmarks/cedar.sh"

    @Option(
        help: """
            The folder of the programs built without the audit log, for the scenario audit: \
            scripts/benchmarks/without-audit-log.sh builds them.
            """
    )
    var withoutAuditLog = ".build/without-audit-log/release"

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard runs >= 1, seconds > 0, challenges >= 100, waiting >= 1, entries >= 100_000 else {
            throw ValidationError(
                "--runs from 1, --seconds above 0, --challenges from 100, --waiting from 1, --entries from 100000")
        }
        let names = Self.scenarios.map { $0.name }
        if let unknown = only.first(where: { !names.contains($0) }) {
            throw ValidationError("no scenario \(unknown); there are \(names.joined(separator: ", "))")
        }
    }

    func run() async throws {
        let findings = try await measure()
        let report = Report(cores: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), findings: findings)
        print(json ? try report.json : text(report))
        if !report.passed { throw ExitCode(1) }
    }

    private func measure() async throws -> [Finding] {
        let programs = try Self.programs()
        let folder = try WorkFolder(in: folder)
        defer { folder.remove() }
        let bench = Bench(
            programs: programs, folder: folder, runs: runs, seconds: seconds, challenges: challenges, waiting: waiting,
            entries: entries, cedar: cedar, withoutAuditLog: withoutAuditLog)
        var findings: [Finding] = []
        for scenario in Self.scenarios where only.isEmpty || only.contains(scenario.name) {
            findings += try await scenario.init().measure(bench)
        }
        return findings
    }

    private func text(_ report: Report) -> String {
        let conclusion = report.passed ? "all targets reached" : "targets missed"
        return (report.findings.map(\.text) + ["\(report.cores) cores: \(conclusion)"]).joined(separator: "\n\n")
    }

    /// Where a command measures nothing, of these only the programs and the folder count.
    static func bench(in folder: WorkFolder) throws -> Bench {
        Bench(
            programs: try programs(), folder: folder, runs: 1, seconds: 1, challenges: 0, waiting: 0, entries: 0,
            cedar: "", withoutAuditLog: "")
    }

    /// `countersign` lies beside this program.
    private static func programs() throws -> Programs {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard readlink("/proc/self/exe", &path, path.count - 1) > 0 else { throw BenchmarkError.system("readlink") }
        let own = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return Programs(countersign: "\(folder)/countersign", benchmark: own)
    }
}
