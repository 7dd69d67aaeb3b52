import API
import ArgumentParser
import Workspaces

extension KeyCommand {
    /// `countersign key allow`
    struct Allow: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say from where a key is accepted, from its next request on.",
            discussion: """
                countersign key allow key_0123456789abcdef 10.0.0.0/8 2001:db8::7
                For all keys of the workspace: countersign workspace set --allowed-addresses. For operators' keys: \
                operator.allowed_addresses in countersign.yaml. Of an agent: countersign agent create --allow.
                """)

        @OptionGroup var options: CommandOptions
        @Argument(help: "The key's id, as key list shows it.") var id: String
        @Argument(help: "Addresses or networks, in place of those that were there.") var addresses: [String] = []
        @Flag(help: "Accept it from everywhere.") var everywhere = false

        func validate() throws {
            guard everywhere == addresses.isEmpty else {
                throw ValidationError("Name addresses or networks, or --everywhere.")
            }
        }

        func run() async throws { try await KeyCommand.change(id, ["allowed_addresses": .list(addresses)], options) }
    }

    /// `countersign key abilities`
    struct Abilities: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a key of the kind live, test or stamp may do, from its next request on.",
            discussion: "countersign key abilities key_0123456789abcdef send read")

        @OptionGroup var options: CommandOptions
        @Argument(help: "The key's id, as key list shows it.") var id: String
        @Argument(help: "One or more of send, verify, read.") var abilities: [String]

        func run() async throws { try await KeyCommand.change(id, ["abilities": .list(abilities)], options) }
    }

    private static func change(
        _ id: String, _ patch: [String: SettingValue], _ options: CommandOptions
    ) async throws {
        let key = try await options.connection().call("PATCH", try path(id), body: patch, as: KeyDescription.self)
        if options.json { return try Output.json(key) }
        Output.line(
            "\(key.id) is accepted from \(key.places)\(key.abilities.map { ", and may \($0.joined(separator: ", "))" } ?? "")."
        )
    }
}

extension KeyDescription {
    /// From where the key is accepted, for people.
    var places: String { allowedAddresses.isEmpty ? "everywhere" : allowedAddresses.joined(separator: ", ") }

    /// What the key is kept from, for people; empty where it is from nothing.
    var restrictions: String {
        var texts: [String] = []
        if let abilities, abilities.count < KeyAbility.allCases.count {
            texts.append("may \(abilities.joined(separator: ","))")
        }
        if !allowedAddresses.isEmpty { texts.append("from \(allowedAddresses.joined(separator: ","))") }
        return texts.map { "  \($0)" }.joined()
    }
}
