import ArgumentParser
import JOSE
import Policies

extension PolicyCommand {
    /// `countersign policy apply`
    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a file's policies the workspace's, all at once; shows what changes first.",
            discussion: """
                What is not in the file is deleted. A file with an error changes nothing. At a terminal it asks before it \
                changes anything.
                """)

        @OptionGroup var options: CommandOptions
        @Argument(help: "The file, such as policies.yaml.") var file: String
        @Flag(help: "Do not ask first.") var yes = false
        @Flag(help: "Show what would change, and change nothing.") var dryRun = false

        func run() async throws {
            let policies = try PolicyFile.named(file)
            let connection = try options.connection()
            let trial = try await send(policies, ["dry_run": .boolean(true)], to: connection)
            if !options.json { show(trial) }
            guard !dryRun, trial["unchanged"]?.isTrue != true else {
                return options.json ? Output.json(trial) : ()
            }
            guard yes || Terminal.agrees(to: "Apply \(file)?") else { throw CommandError("nothing was changed") }
            let applied = try await send(policies, ["version": trial["version"] ?? .null], to: connection)
            if options.json { return Output.json(applied) }
            Output.line("Applied: version \(applied["version"]?.wholeNumber ?? 0) decides from the next request on.")
        }

        private func send(
            _ policies: PolicyFile, _ wish: KeyValuePairs<String, JSONValue?>, to connection: ServerConnection
        ) async throws -> JSONValue {
            let members = JSONValue.members(wish).members ?? []
            let body = JSONValue.object(members + [.init(name: "policies", value: policies.documents)])
            do {
                return try await connection.json("POST", "/v1/policies/apply", body: body)
            } catch let error as CommandError {
                throw policies.located(error, in: file)
            }
        }

        private func show(_ trial: JSONValue) {
            for line in (trial["text"]?.text ?? "").split(separator: "\n") {
                Output.line(String(line).visible(atMost: .max))
            }
        }
    }

    /// `countersign policy test`
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the tests that stand beside a file's policies; needs no server. Exits with 1 if one fails.")

        @OptionGroup var output: OutputOption
        @Argument(help: "Files, such as policies.yaml.") var files: [String]

        func run() async throws {
            var failures = 0
            var results: [(file: String, result: PolicyTest.Result)] = []
            for path in files {
                let file = try PolicyFile.named(path)
                results += file.tests.map { (path, $0.run(on: file.set)) }
            }
            for (file, result) in results where !result.passed {
                failures += 1
                if !output.json { Self.tell(result, of: file) }
            }
            if output.json {
                Output.json(
                    .members([
                        "tests": .integer(Int64(results.count)), "failed": .integer(Int64(failures)),
                        "results": .array(results.map { Self.document($0.result, of: $0.file) }),
                    ]))
            } else {
                Output.line(Self.summary(tests: results.count, failures: failures))
            }
            if failures > 0 { throw ExitCode(1) }
        }

        static func summary(tests: Int, failures: Int) -> String {
            if tests == 0 { return "The policies are valid. There are no tests beside them: write some under tests:" }
            return failures == 0 ? "\(tests) tests passed." : "\(failures) of \(tests) tests failed."
        }

        private static func tell(_ result: PolicyTest.Result, of file: String) {
            Output.line("FAILED \(file):\(result.test.line): \(result.test.name.visible())")
            for difference in result.differences { Output.line("    \(difference.visible(atMost: 1_000))") }
        }

        private static func document(_ result: PolicyTest.Result, of file: String) -> JSONValue {
            .members([
                "file": .string(file), "line": .integer(Int64(result.test.line)), "name": .string(result.test.name),
                "passed": .boolean(result.passed), "decision": .string(result.verdict.action.status),
                "reason": .string(result.verdict.reason),
                "differences": .array(result.differences.map(JSONValue.string)),
            ])
        }
    }
}
