import ArgumentParser
import FoundationEssentials
import JOSE
import Policies
import Workspaces

extension PolicyCommand {
    /// `countersign policy explain`
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell why something is decided as it is: each rule, each condition, and the value that it saw.",
            discussion: """
                countersign policy explain perm_0199a1…
                countersign policy explain --action bank.transfer --scope '{"amount": 50}'
                countersign policy explain request.json --policies policies.yaml      (without a server)
                A request is {"action", "resource", "agentId", "scope", "context", "test", "time", "requestsInLastHour"}, \
                of which only action is needed.
                """)

        @OptionGroup var options: CommandOptions
        @Argument(help: "A recorded permission's identifier, a request as JSON, or a file with one.") var subject:
            String?
        @Option(help: "Instead: the action of a request.") var action: String?
        @Option(help: "Its resource.") var resource: String?
        @Option(help: "The agent that makes it.") var agent: String?
        @Option(help: "Its scope, a JSON object.") var scope: String?
        @Option(help: "Its context, a JSON object.") var context: String?
        @Option(help: "Ask the policies of this file instead of those in force.") var policies: String?

        func validate() throws {
            guard (subject == nil) != (action == nil) else {
                throw ValidationError("Name what to explain: a permission, a request, a file, or --action.")
            }
        }

        func run() async throws {
            let file = try policies.map { try PolicyFile.named($0) }
            let question = try question()
            if let file, case .request(let document) = question { return try explain(document, by: file) }
            let body = JSONValue.members([
                "permission": question.permission.map(JSONValue.string), "request": question.request,
                "policies": file?.documents,
            ])
            let answer = try await options.connection().json("POST", "/v1/policies/explain", body: body)
            if options.json { return Output.json(.object((answer.members ?? []).filter { $0.name != "text" })) }
            tell(answer["text"]?.text ?? "")
        }

        private func explain(_ document: JSONValue, by file: PolicyFile) throws {
            let now = WallClock.system.now()
            let explanation: PolicyExplanation
            do throws(PolicyError) {
                explanation = file.set.explain(try PermissionFacts(reading: document, now: now))
            } catch {
                throw CommandError(error.message)
            }
            if options.json { return Output.json(.members(["explanation": explanation.document])) }
            tell(explanation.description)
        }

        private func tell(_ text: String) {
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                Output.line(String(line).visible(atMost: .max))
            }
        }

        private func question() throws(CommandError) -> Question {
            guard let action else { return try Question(subject ?? "") }
            return .request(
                .members([
                    "action": .string(action), "resource": resource.map(JSONValue.string),
                    "agentId": agent.map(JSONValue.string), "scope": try Self.object(scope, "--scope"),
                    "context": try Self.object(context, "--context"),
                ]))
        }

        private static func object(_ text: String?, _ name: String) throws(CommandError) -> JSONValue? {
            guard let text else { return nil }
            guard let value = try? JSONValue(parsing: Array(text.utf8), isExact: true), value.members != nil else {
                throw CommandError("\(name) must be a JSON object such as '{\"amount\": 50}'")
            }
            return value
        }
    }
}

/// What is to be explained.
private enum Question {
    /// A request that an agent made.
    case permission(String)
    /// One that somebody made up.
    case request(JSONValue)

    /// Reads what somebody typed: an identifier, JSON, or the name of a file.
    init(_ text: String) throws(CommandError) {
        if text.hasPrefix("perm_") {
            self = .permission(text)
            return
        }
        let bytes: [UInt8]
        if text.drop(while: \.isWhitespace).hasPrefix("{") {
            bytes = Array(text.utf8)
        } else {
            guard let content = try? Data(contentsOf: URL(filePath: text)) else {
                throw CommandError("\(text) is no permission (perm_…), no JSON object and no file that can be read")
            }
            bytes = Array(content)
        }
        guard let value = try? JSONValue(parsing: bytes, isExact: true), value.members != nil else {
            throw CommandError("a request is a JSON object such as '{\"action\": \"bank.transfer\"}'")
        }
        self = .request(value)
    }

    var permission: String? { if case .permission(let id) = self { id } else { nil } }
    var request: JSONValue? { if case .request(let document) = self { document } else { nil } }
}
