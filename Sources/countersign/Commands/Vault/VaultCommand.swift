import API
import ArgumentParser

/// `countersign vault`
struct VaultCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vault", abstract: "How the master key is kept; rotate it, have an HSM's key wrap it.",
        subcommands: [Status.self, Rotate.self, Retire.self, Rewrap.self])

    /// `countersign vault status`
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show what wraps the master key, and its versions.")
        @OptionGroup var options: VaultOptions

        func run() async throws { try await options.report("GET", "/v1/vault") { $0.text } }
    }

    /// `countersign vault rotate`
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new version of the master key and seal everything under it, while the server runs.",
            discussion: "The old versions stay until 'countersign vault retire': backups of before need them.")
        @OptionGroup var options: VaultOptions

        func run() async throws {
            try await options.report("POST", "/v1/vault/rotate") { answer in
                answer.text + "\nEverything is sealed under the newest version. Make a new backup of master.key."
            }
        }
    }

    /// `countersign vault retire`
    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget all versions of the master key but the newest.",
            discussion: """
                What is still sealed under an old version is sealed anew first. Backups of the database from before the \
                rotation open only with the master.key of their time.
                """)
        @OptionGroup var options: VaultOptions

        func run() async throws {
            try await options.report("POST", "/v1/vault/retire") { answer in
                answer.text + "\nMake a new backup of master.key, and destroy the copies of before."
            }
        }
    }

    /// `countersign vault rewrap`
    struct Rewrap: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Wrap the master key as enclave.yaml says: by the key of its vault, or not at all.",
            discussion: """
                What wraps it now must stand in enclave.yaml as vault, or as previous_vault. The server need not be \
                stopped; 'countersign vault' shows and changes the master key again after its next start.
                """)
        @OptionGroup var data: DataOption
        @OptionGroup var vaultPIN: VaultPINOption
        @OptionGroup var output: OutputOption

        func run() throws {
            try EnclavePlace.program(data.directory, for: "rewrap", vaultPIN: vaultPIN.open()).rewrap(json: output.json)
        }
    }
}

/// What the commands that ask the server have in common.
struct VaultOptions: ParsableArguments {
    @OptionGroup var data: DataOption
    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption

    /// Asks, and prints the answer as JSON or in words.
    func report(_ method: String, _ path: String, words: (VaultAnswer) -> String) async throws {
        let answer = try await server.connection(data.directory).call(method, path, as: VaultAnswer.self)
        if output.json { return try Output.json(answer) }
        Output.line(words(answer))
    }
}

extension VaultAnswer {
    /// For people.
    fileprivate var text: String {
        let inTheClear = outlook == nil ? "in the clear; a vault in enclave.yaml wraps it." : "in the clear."
        let wrapping =
            wrappedBy.map { "The master key is wrapped by the key '\($0.key)' of the token '\($0.token)'." }
            ?? "The master key stands in master.key \(inTheClear)"
        let list = versions.map { $0 == versions.last ? "\($0) (seals)" : "\($0)" }.joined(separator: ", ")
        let keys = identityKeys.map { "\nIdentity keys in the HSM: \($0)" } ?? ""
        let advice = advice.map { "\n\($0)" } ?? ""
        return "\(wrapping)\(advice)\nVersions: \(list)\(keys)\(unknown)"
    }

    private var unknown: String {
        guard let unknownIdentityKeys, !unknownIdentityKeys.isEmpty else { return "" }
        return """

            This installation does not have \(unknownIdentityKeys.count) of them: they are another one's, or left of a change \
            that broke off. Their CKA_ID:
              \(unknownIdentityKeys.joined(separator: "\n  "))
            """
    }
}
