import API
import ArgumentParser
import JOSE
import Permissions

/// `countersign approver`
struct ApproverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approver",
        abstract: "Name the people who decide what agents ask for, and make their keys.",
        discussion: """
            An approver decides with a key (uk_live_…: countersign permission approve, or any client of the API), or on the \
            approval page, where a one-time code that is sent to their address says who they are.
            """,
        subcommands: [Add.self, List.self, Key.self, Disable.self, Enable.self])

    /// `countersign approver add`
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Name a person who decides, and make their first key, which is shown once.",
            discussion: "countersign approver add --name \"Ada Lovelace\" --address ada@example.com")

        @OptionGroup var options: CommandOptions
        @Option(help: "What people call them, 1 to 100 characters.") var name: String
        @Option(help: "Their e-mail address: codes for the approval page go there.") var address: String
        @Option(help: "What the key is good for: approver decides, operator also administers.")
        var role: ApproverRole = .approver
        @Flag(help: "Make no key: they decide on the page only.") var withoutKey = false

        func run() async throws {
            let connection = try options.connection()
            let wish = JSONValue.members(["name": .string(name), "address": .string(address)])
            let approver = try await connection.json("POST", "/v1/approvers", body: wish)
            let id = approver["id"]?.text ?? ""
            if withoutKey { return options.json ? Output.json(approver) : Output.table([("id", id)]) }
            do {
                try await options.makeKey(for: id, role: role, on: connection)
            } catch {
                throw CommandError("\(id) was added, without a key. Try: countersign approver key \(id) (\(error))")
            }
        }
    }

    /// `countersign approver list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the people who decide.")

        @OptionGroup var options: CommandOptions

        func run() async throws {
            let listing = try await options.connection().call("GET", "/v1/approvers", as: ApproverListing.self)
            if options.json { return try Output.json(listing) }
            Output.columns(listing.approvers.map { [$0.id, $0.isActive ? "on" : "off", $0.address, $0.name] })
        }
    }

    /// `countersign approver key`
    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make one more key of a person; countersign key revoke ends one.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var approver: IdentifierOption
        @Option(help: "What the key is good for: approver decides, operator also administers.")
        var role: ApproverRole = .approver
        @Option(help: "What the key is for.") var name: String?
        @Option(help: "Days until it stops working (default: never).") var expiresInDays: Int?

        func run() async throws {
            try await options.makeKey(
                for: approver.value, role: role, name: name, lifetime: expiresInDays, on: options.connection())
        }
    }

    /// `countersign approver disable`
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let somebody decide no longer; their keys are revoked for good.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var approver: IdentifierOption

        func run() async throws { try await options.switchApprover(approver, on: false) }
    }

    /// `countersign approver enable`
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let somebody decide again; they need a new key: countersign approver key.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var approver: IdentifierOption

        func run() async throws { try await options.switchApprover(approver, on: true) }
    }
}

extension ApproverRole: ExpressibleByArgument {}

extension CommandOptions {
    fileprivate func makeKey(
        for approver: String, role: ApproverRole, name: String? = nil, lifetime: Int? = nil,
        on connection: ServerConnection
    ) async throws {
        let wish = JSONValue.members([
            "role": .string(role.rawValue), "name": name.map(JSONValue.string),
            "expires_in_days": lifetime.map { .integer(Int64($0)) },
        ])
        let made = try await connection.json("POST", "/v1/approvers/\(PathSegment(approver))/keys", body: wish)
        CreatedKey(id: approver, key: made["key"]?.text ?? "").print(as: self)
    }

    fileprivate func switchApprover(_ approver: IdentifierOption, on isOn: Bool) async throws {
        let changed = try await connection().json(
            "PATCH", "/v1/approvers/\(approver.segment)", body: .members(["is_active": .boolean(isOn)]))
        if json { return Output.json(changed) }
        Output.line(
            isOn ? "\(approver.value) decides again." : "\(approver.value) decides no longer; their keys are revoked.")
    }
}
