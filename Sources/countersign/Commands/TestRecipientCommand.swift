import API
import ArgumentParser

/// `countersign passcode test-recipient`
struct TestRecipientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test-recipient",
        abstract: "Contacts with a fixed code, for app reviews: nothing is sent to them, and each has an end date.",
        subcommands: [List.self, Set.self, Delete.self])

    /// `countersign passcode test-recipient list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the test recipients with their codes.")

        @OptionGroup var options: CommandOptions

        func run() async throws {
            let listing = try await options.connection()
                .call("GET", "/v1/test-recipients", as: TestRecipientListing.self)
            if options.json { return try Output.json(listing) }
            Output.columns(listing.testRecipients.map { [$0.contact, $0.code, "until \($0.expiresAt)"] })
        }
    }

    /// `countersign passcode test-recipient set`
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a contact a test recipient, or change its code and end date.")

        @OptionGroup var options: CommandOptions
        @Option(help: "A number that no person has, such as +15005550006, or an address.") var contact: String
        @Option(help: "6 to 9 digits.") var code: String
        @Option(help: "The end date, within a year: 2026-12-31 or 2026-12-31T12:00:00Z.") var until: String

        func run() async throws {
            let saved = try await options.connection().call(
                "PUT", "/v1/test-recipients/\(PathSegment(contact))", body: ["code": code, "expires_at": until],
                as: TestRecipientDescription.self)
            if options.json { return try Output.json(saved) }
            Output.line("\(saved.contact) is a test recipient until \(saved.expiresAt). Nothing is sent to it.")
        }
    }

    /// `countersign passcode test-recipient delete`
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a test recipient: from now on the contact is sent codes like any other.")

        @OptionGroup var options: CommandOptions
        @Option(help: "The contact, as list shows it.") var contact: String

        func run() async throws {
            _ = try await options.connection().raw("DELETE", "/v1/test-recipients/\(PathSegment(contact))")
            if options.json { return try Output.json(["contact": contact, "status": "deleted"]) }
            Output.line("\(contact) is no test recipient any more.")
        }
    }
}
