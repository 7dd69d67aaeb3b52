import API
import ArgumentParser
import FoundationEssentials
import JOSE

/// `countersign audit`
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Read the audit log, check that nobody changed it, forget a person.",
        subcommands: [
            List.self, Tail.self, Export.self, Key.self, Verify.self, Prove.self, State.self, Erase.self,
            Acknowledge.self,
        ])

    /// `countersign audit key`
    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the log's public key. Keep it elsewhere: audit verify --key checks by it.")

        @OptionGroup var options: AuditOptions

        private struct Answer: Codable {
            var vkey: String
            var origin: String
        }

        func run() async throws {
            let answer = try await options.connection().call("GET", "/v1/log/key", as: Answer.self)
            if options.json { return try Output.json(answer) }
            Output.line(answer.vkey)
        }
    }

    /// `countersign audit prove`
    struct Prove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prove that the log has an entry: hashes from the entry to a signed root, as JSON.")

        @OptionGroup var options: AuditOptions
        @Option(help: "The entry's number, as audit list shows it.") var sequence: Int

        func run() async throws {
            Output.json(try await options.connection().json("GET", "/v1/log/proof?sequence=\(sequence)"))
        }
    }

    /// `countersign audit erase`
    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Destroy the keys of a person's personal parts: contact, addresses, clients. For good.",
            discussion: """
                Also of what they did themselves, as a user or an approver. Every proof still verifies. The erasure is an \
                entry itself.
                """)

        @OptionGroup var options: AuditOptions
        @Option(help: "The phone number or e-mail address.") var contact: String

        private struct Answer: Codable { var erased: Bool }

        func run() async throws {
            guard Terminal.agrees(to: "Nobody will be able to read what the log knows of \(contact.visible()). Go on?")
            else { throw CommandError("nothing was erased") }
            let answer = try await options.connection()
                .call("POST", "/v1/log/erasures", body: ["contact": contact], as: Answer.self)
            if options.json { return try Output.json(answer) }
            Output.line(answer.erased ? "Erased." : "The log knows nothing of this contact that could be erased.")
        }
    }

    /// `countersign audit acknowledge`
    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say that an older database was restored on purpose. The server must have ended.",
            discussion: """
                Until then the enclave signs nothing, because it remembers a longer log. The next start writes an entry \
                with what was signed before.
                """)

        @OptionGroup var data: DataOption

        func run() async throws {
            let program = try EnclavePlace.program(data.directory, for: "acknowledge-restore")
            guard Terminal.agrees(to: "Is it you who restored an older database?") else {
                throw CommandError("nothing was acknowledged")
            }
            try program.acknowledgeRestore()
            Output.line("Acknowledged. Start the server: countersign serve --data \(data.directory.path)")
        }
    }
}
