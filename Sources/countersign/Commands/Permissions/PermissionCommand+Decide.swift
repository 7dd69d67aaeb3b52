import ArgumentParser
import JOSE

extension PermissionCommand {
    /// `countersign permission approve`
    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what an agent asks for, and approve it.",
            discussion: """
                countersign permission approve perm_… --scope '{"max_amount": 50}'
                What is approved is the text that was shown: if the server shows another one, nothing is approved.
                With --json nothing is shown here: name with --statement-digest the text that was shown before.
                """)

        @OptionGroup var options: CommandOptions
        @OptionGroup var permission: IdentifierOption
        @Option(help: "The number that the asking side shows, where the policy asks for it.") var number: String?
        @Option(help: "A reason that the agent reads, at most 500 characters.") var reason: String?
        @Option(help: "Grant less: a JSON object whose constraints are added to those that were asked for.")
        var scope: String?
        @Option(help: "The statementDigest that 'permission show --json' printed: approve that text and no other.")
        var statementDigest: String?
        @Flag(help: "Do not ask first.") var yes = false

        func run() async throws {
            let modifications = try scope.map { try Self.scope($0) }
            let connection = try options.connection()
            let report = PermissionReport(try await connection.dialect("GET", "/permissions/\(permission.segment)"))
            guard report.isPending else { throw report.notPending }
            if !options.json { report.print() }
            let number = try number ?? (report.needsNumber ? askForNumber() : nil)
            guard yes || Terminal.agrees(to: "Approve \(report.id)?") else { throw CommandError("nothing was decided") }
            let decision = JSONValue.members([
                "approved": .boolean(true), "reason": reason.map(JSONValue.string), "scopeModifications": modifications,
                "number": number.map(JSONValue.string),
                // With --json nothing was shown, so nothing is said to have been seen.
                "statementDigest": (statementDigest ?? (options.json ? nil : report.statementDigest))
                    .map(JSONValue.string),
            ])
            let decided = try await connection.dialect(
                "POST", "/permissions/\(permission.segment)/decide", body: decision)
            if options.json { return Output.json(decided) }
            Output.line(
                PermissionReport(decided).isPending
                    ? "Approved by you; one more person has to approve \(report.id)." : "\(report.id) is approved.")
        }

        private func askForNumber() throws -> String {
            guard Terminal.isThere else {
                throw CommandError("this needs the number that the asking side shows: give it with --number")
            }
            return Terminal.ask("Which number does the asking side show?")
        }

        private static func scope(_ text: String) throws -> JSONValue {
            guard let value = try? JSONValue(parsing: Array(text.utf8), isExact: true), value.members != nil else {
                throw CommandError("--scope must be a JSON object such as '{\"max_amount\": 50}'")
            }
            return value
        }
    }

    /// `countersign permission deny`
    struct Deny: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Deny what an agent asks for.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var permission: IdentifierOption
        @Option(help: "A reason that the agent reads, at most 500 characters.") var reason: String?

        func run() async throws {
            let decision = JSONValue.members(["approved": .boolean(false), "reason": reason.map(JSONValue.string)])
            let decided = try await options.connection().dialect(
                "POST", "/permissions/\(permission.segment)/decide", body: decision)
            options.json ? Output.json(decided) : Output.line("\(permission.value) is denied.")
        }
    }
}

extension PermissionReport {
    /// Says how it was decided before.
    fileprivate var notPending: CommandError {
        let by = answer["decidedBy"]?.text.map { " by \($0.visible())" } ?? ""
        return CommandError("\(id) is \(status)\(by): there is nothing left to decide")
    }
}
