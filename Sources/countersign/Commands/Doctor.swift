import ArgumentParser
import FoundationEssentials

/// `countersign doctor`
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check configuration, clock, enclave, providers and disk, and say what to do.")

    @OptionGroup var data: DataOption
    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption

    private struct Finding: Codable {
        var name: String
        var status: String
        var message: String
        var advice: String?
    }

    private struct Report: Codable {
        var ok: Bool
        var checks: [Finding]
    }

    func run() async throws {
        let report = try await examine()
        if output.json {
            try Output.json(report)
        } else {
            for finding in report.checks {
                Output.line("\(Self.marks[finding.status] ?? "?")  \(finding.name): \(finding.message)")
                if let advice = finding.advice { Output.line("          \(advice)") }
            }
        }
        if !report.ok { throw ExitCode(1) }
    }

    private static let marks = ["ok": "ok     ", "warning": "warning", "failed": "FAILED "]

    /// Asks the running server; where none runs, checks what can be checked without.
    private func examine() async throws -> Report {
        do {
            return try await server.connection(data.directory).call("GET", "/v1/doctor", as: Report.self)
        } catch let error as CommandError where server.server == nil {
            var checks = HostCheckup.offline(data.directory).map {
                Finding(name: $0.name, status: $0.status.rawValue, message: $0.message, advice: $0.advice)
            }
            checks.append(Finding(name: "server", status: "failed", message: error.description, advice: nil))
            return Report(ok: false, checks: checks)
        }
    }
}
