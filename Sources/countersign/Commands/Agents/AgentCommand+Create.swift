import ArgumentParser
import JOSE

extension AgentCommand {
    /// `countersign agent create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an agent and its first key, which is shown once.",
            discussion: """
                countersign agent create --name "Invoice bot" --allow 10.0.0.0/8 --originator ada@example.com
                """)

        @OptionGroup var options: CommandOptions
        @Option(help: "What people call it, 1 to 255 characters.") var name: String
        @Option(help: "What it does, at most 1000 characters.") var description: String?
        @Flag(help: "Make a test key (ak_test_…): policies decide, and nobody is asked.") var test = false
        @Option(
            name: .customLong("client-key"),
            help:
                "The agent's own P-256 public key, compressed, 66 hexadecimal digits: each request then needs a proof.")
        var clientKey: String?
        @Option(
            name: .customLong("allow"), parsing: .upToNextOption,
            help: "Addresses or networks that its keys are accepted from, such as 10.0.0.0/8 (default: all).")
        var allowed: [String] = []
        @Option(help: "The person behind it, an approver's id or address: never one of two who approve its requests.")
        var originator: String?
        @Option(name: .customLong("rate-limit"), help: "Requests a minute (default: 60).") var rateLimit: Int?

        func run() async throws {
            let wish = JSONValue.members([
                "name": .string(name), "description": description.map(JSONValue.string),
                "mode": test ? .string("test") : nil, "clientKey": clientKey.map(JSONValue.string),
                "allowedAddresses": allowed.isEmpty ? nil : .array(allowed.map(JSONValue.string)),
                "originator": originator.map(JSONValue.string), "rateLimit": rateLimit.map { .integer(Int64($0)) },
            ])
            let agent = try await options.connection().dialect("POST", "/agents", body: wish)
            try CreatedKey(of: agent).print(as: options)
        }
    }
}

/// An identifier and the key that was made for it, which nobody can read again.
struct CreatedKey {
    let id: String
    let key: String

    init(id: String, key: String) {
        self.id = id
        self.key = key
    }

    /// Of an answer of the dialect with `id` and `apiKey`.
    init(of answer: JSONValue) throws {
        guard let id = answer["id"]?.text, let key = answer["apiKey"]?.text else {
            throw CommandError("the server answered without a key: its version does not fit this command's")
        }
        self.init(id: id, key: key)
    }

    func print(as options: CommandOptions) {
        if options.json { return Output.json(.members(["id": .string(id), "apiKey": .string(key)])) }
        Output.table([("id", id), ("key", key)])
        Output.line("The key is shown once; keep it where secrets are kept.")
    }
}
