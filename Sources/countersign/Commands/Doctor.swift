import API
import ArgumentParser

/// `countersign doctor`
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check configuration, clock, enclave, providers and disk, and say what to do.")

    @OptionGroup var data: DataOption
    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        let report = try await examine()
        if output.json {
            try Output.json(report)
        } else {
            for finding in report.checks {
                Output.line("\(Self.mark(finding.status))  \(finding.name): \(finding.message)")
                if let advice = finding.advice { Output.line("          \(advice)") }
            }
        }
        if !report.ok { throw ExitCode(1) }
    }

    private static func mark(_ status: CheckupFinding.Status) -> String {
        switch status {
        case .ok: "ok     "
        case .warning: "warning"
        case .failed: "FAILED "
        }
    }

    /// Asks the running server; where none runs, checks what can be checked without.
    private func examine() async throws -> CheckupReport {
        do {
            return try await server.connection(data.directory).call("GET", "/v1/doctor", as: CheckupReport.self)
        } catch let error as CommandError where server.server == nil {
            let checks = HostCheckup.offline(data.directory)
            return CheckupReport(checks + [CheckupFinding("server", .failed, error.description)])
        }
    }
}
