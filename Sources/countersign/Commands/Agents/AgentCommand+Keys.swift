import API
import ArgumentParser
import JOSE
import Workspaces

extension AgentCommand {
    /// `countersign agent key`
    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make one more key of an agent; those that it has stay in force.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var agent: IdentifierOption
        @Flag(help: "Make a test key (ak_test_…).") var test = false
        @Option(help: "What the key is for.") var name: String?
        @Option(help: "Days until it stops working (default: never).") var expiresInDays: Int?

        func run() async throws {
            let wish = JSONValue.members([
                "mode": test ? .string("test") : nil, "name": name.map(JSONValue.string),
                "expires_in_days": expiresInDays.map { .integer(Int64($0)) },
            ])
            let made = try await options.connection().json("POST", "/v1/agents/\(agent.segment)/keys", body: wish)
            CreatedKey(id: agent.value, key: made["key"]?.text ?? "").print(as: options)
        }
    }

    /// `countersign agent rotate-key`
    struct RotateKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new key in the place of an agent's others, which end after a grace period.",
            discussion: "What a key opened ends with it.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var agent: IdentifierOption
        @Flag(help: "Replace the test keys instead of the live ones.") var test = false
        @Option(
            help: """
                Seconds that the old keys stay in force, at most \(GracePeriod.allowed.upperBound) \
                (default: \(GracePeriod.usual), a day).
                """)
        var gracePeriod: Int?
        @Flag(help: "End the old keys now, and what they opened.") var revokeImmediately = false

        func run() async throws {
            let wish = JSONValue.members([
                "mode": test ? .string("test") : nil, "gracePeriod": gracePeriod.map { .integer(Int64($0)) },
                "revokeImmediately": revokeImmediately ? .boolean(true) : nil,
            ])
            let rotated = try await options.connection()
                .dialect("POST", "/agents/\(agent.segment)/rotate-key", body: wish)
            try CreatedKey(of: rotated).print(as: options)
            if !options.json {
                let end = rotated["oldKeysExpireAt"]?.text
                Output.line(end.map { "The old keys end at \($0)." } ?? "The old keys have ended.")
            }
        }
    }

    /// `countersign agent revoke`
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End an agent's keys for good, or one of them, and what they opened.",
            discussion: """
                For an agent whose key somebody else may have. To let it work again: countersign agent enable ID, and \
                countersign agent rotate-key ID.
                """)

        @OptionGroup var options: CommandOptions
        @OptionGroup var agent: IdentifierOption
        @Option(name: .customLong("only"), help: "End this key alone (key_…), as show lists it.") var key: String?

        func run() async throws {
            let connection = try options.connection()
            if let key {
                _ = try await connection.json("DELETE", "/v1/agents/\(agent.segment)/keys/\(PathSegment(key))")
            } else {
                _ = try await connection.json("POST", "/v1/agents/\(agent.segment)/revoke")
            }
            if options.json {
                return Output.json(
                    .members([
                        "id": .string(agent.value), "key": key.map(JSONValue.string), "status": .string("revoked"),
                    ]))
            }
            Output.line(
                "\(key ?? "\(agent.value) is switched off. Each of its keys") is revoked, and what it opened is over.")
        }
    }
}
