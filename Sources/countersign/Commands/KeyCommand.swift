import API
import ArgumentParser
import EnclaveLink
import FoundationEssentials
import Workspaces

/// `countersign key`
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make, list, limit and revoke API keys; rotate the signing keys.",
        subcommands: [List.self, Create.self, Allow.self, Abilities.self, Revoke.self, Rotate.self])

    /// `countersign key list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List API keys and signing keys.")

        @OptionGroup var data: DataOption
        @OptionGroup var server: ServerOption
        @OptionGroup var output: OutputOption

        func run() async throws {
            let connection = try server.connection(data.directory)
            let keys = try await connection.call("GET", "/v1/keys", as: KeyListing.self)
            let signing = try await connection.call("GET", "/v1/signing-keys", as: SigningKeyListing.self)
            if output.json {
                return try Output.json(AllKeys(keys: keys.keys, signingKeys: signing.signingKeys))
            }
            Output.line("API keys")
            Output.table(keys.keys.map { ("  \($0.id)", "\($0.hint)  \($0.state)\($0.restrictions)  \($0.name)") })
            Output.line("Signing keys")
            for purpose in SigningKeyPurpose.allCases {
                let keys = signing.signingKeys.filter { $0.purpose == purpose.rawValue }
                Output.table(keys.map { ("  \($0.id)", "\($0.purpose)  \($0.state)  \($0.algorithm)") })
            }
        }
    }

    /// `countersign key create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Make an API key, which is shown once; or register the public half of a key that stamps requests.",
            discussion: """
                verifier (vk_live_…) and verifier_test are for services that verify and use the permissions that agents \
                show them. approver decides without saying who: countersign approver key makes a person's own.
                """)

        @OptionGroup var data: DataOption
        @OptionGroup var server: ServerOption
        @OptionGroup var output: OutputOption

        @Option(help: "\(Self.kinds.joined(separator: ", ")).") var kind: String
        @Option(help: "For stamp: the compressed P-256 point, 66 hexadecimal digits.") var publicKey: String?
        @Option(help: "What the key is for.") var name: String?
        @Option(parsing: .unconditional, help: "Days until it stops working (default: never).") var expiresInDays: Int?

        @Option(
            name: [.customLong("allow-from"), .customLong("allow")], parsing: .upToNextOption,
            help: "Addresses or networks that it is accepted from, such as 10.0.0.0/8 (default: all).")
        var allowed: [String] = []
        @Option(
            parsing: .upToNextOption,
            help: "What a key of the kind live, test or stamp may do: send, verify, read (default: all).")
        var abilities: [String] = []

        /// Those that belong to no agent.
        private static let kinds = KeyKind.allCases.filter { !$0.isAgents }.map(\.rawValue)

        func run() async throws {
            guard let known = KeyKind(rawValue: kind), !known.isAgents else {
                let agents = KeyKind(rawValue: kind) == nil ? "" : "; an agent's: countersign agent key ID"
                throw CommandError("--kind must be one of \(Self.kinds.joined(separator: ", ")), not \(kind)\(agents)")
            }
            guard (known == .stamp) == (publicKey != nil) else {
                throw CommandError("--public-key belongs to --kind stamp, and --kind stamp needs it")
            }
            var wish: [String: SettingValue] = ["kind": .text(kind)]
            wish["name"] = name.map { .text($0) }
            wish["expires_in_days"] = expiresInDays.map { .number($0) }
            if !allowed.isEmpty { wish["allowed_addresses"] = .list(allowed) }
            if !abilities.isEmpty { wish["abilities"] = .list(abilities) }
            wish["public_key"] = publicKey.map { .text($0) }
            let created = try await server.connection(data.directory)
                .call("POST", "/v1/keys", body: wish, as: KeyDescription.self)
            if output.json { return try Output.json(created) }
            guard let key = created.key else {
                return Output.table([("id", created.id), ("kind", created.kind.rawValue), ("hint", created.hint)])
            }
            Output.table([("id", created.id), ("kind", created.kind.rawValue), ("key", key)])
            Output.line("The key is shown once; keep it where secrets are kept.")
        }
    }

    /// `countersign key revoke`
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke an API key; the next request with it fails.")

        @OptionGroup var data: DataOption
        @OptionGroup var server: ServerOption
        @OptionGroup var output: OutputOption
        @Argument(help: "The key's id, as key list shows it.") var id: String

        func run() async throws {
            _ = try await server.connection(data.directory).raw("DELETE", try KeyCommand.path(id))
            if output.json { return try Output.json(["id": id, "status": "revoked"]) }
            Output.line("\(id) is revoked.")
        }
    }

    /// Where a key stands in the operator's API.
    static func path(_ id: String) throws -> String {
        guard id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) else {
            throw CommandError("a key's id looks like key_0123456789abcdef; countersign key list shows them")
        }
        return "/v1/keys/\(id)"
    }

    /// `countersign key rotate`
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let the next signing keys sign, and make new next ones.")

        @OptionGroup var data: DataOption
        @OptionGroup var server: ServerOption
        @OptionGroup var output: OutputOption

        @Flag(help: "Rotate the enclave's and the notary's keys instead, which clients pin: they have to follow.")
        var pinned = false
        @Flag(help: "With --pinned: also within a day of the last time, as where a key is no longer secret.")
        var force = false

        func run() async throws {
            let answer = try await server.connection(data.directory).call(
                "POST", "/v1/signing-keys/rotate", body: ["pinned": pinned, "force": force],
                as: SigningKeyListing.self)
            if output.json { return try Output.json(answer) }
            pinned ? sayPinned(answer.signingKeys) : say(answer.signingKeys)
            Output.warnings(answer.warnings)
        }

        private func say(_ keys: [SigningKeyDescription]) {
            sayCurrent("Identity tokens are", "identity", keys)
            sayCurrent("Verification and session tokens are", "session", keys)
            Output.line("Verifiers that cached the key set before the new key was published refetch it on its kid.")
        }

        private func sayPinned(_ keys: [SigningKeyDescription]) {
            sayCurrent("Target keys are", "enclave", keys)
            sayCurrent("Sessions of the Turnkey dialect are", "notary", keys)
        }

        private func sayCurrent(_ what: String, _ purpose: String, _ keys: [SigningKeyDescription]) {
            for key in keys where key.purpose == purpose && key.state == .current {
                Output.line("\(what) now signed by \(key.id).")
            }
        }
    }
}
