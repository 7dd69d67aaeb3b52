import API
import ArgumentParser

/// `countersign template`
struct TemplateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Write the texts of messages yourself; look at them before anybody gets one.",
        discussion: """
            A template is plain text with {{code}}, {{app}}, {{minutes}}, {{domain}} and {{binding.NAME}}; the code stands in
            it once, between spaces or punctuation. The template "default" is taken where a send names none.

            countersign template preview --channel sms --locale de
            countersign template set --channel sms --locale de --text '{{code}} ist Ihr Code von {{app}}.'
            """,
        subcommands: [List.self, Show.self, Set.self, Delete.self, Preview.self])

    /// `countersign template list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the templates.")

        @OptionGroup var options: CommandOptions

        func run() async throws {
            let listing = try await options.connection().call("GET", "/v1/templates", as: TemplateListing.self)
            if options.json { return try Output.json(listing) }
            Output.columns(
                listing.templates.map { [$0.name, $0.channel, $0.locale ?? "any language", $0.updatedAt] })
        }
    }

    /// `countersign template show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a template as it was saved.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var target: TemplateTarget

        func run() async throws {
            let template = try await options.connection().call("GET", target.path, as: TemplateDescription.self)
            if options.json { return try Output.json(template) }
            TemplateReport.print(template)
        }
    }

    /// `countersign template set`
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Save a template, in place of what had its name.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var target: TemplateTarget
        @Option(help: "The text, with {{code}} once. A mail may have several lines.") var text: String
        @Option(help: "A mail's subject, without the code.") var subject: String?

        func run() async throws {
            let body = ["text": text, "subject": subject].compactMapValues { $0 }
            let template = try await options.connection()
                .call("PUT", target.path, body: body, as: TemplateDescription.self)
            if options.json { return try Output.json(template) }
            TemplateReport.print(template)
        }
    }

    /// `countersign template delete`
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a template; messages have the next that suits, or the built-in wording.")

        @OptionGroup var options: CommandOptions
        @OptionGroup var target: TemplateTarget

        func run() async throws {
            _ = try await options.connection().raw("DELETE", target.path)
            if options.json { return try Output.json(["name": target.name, "status": "deleted"]) }
            Output.line("\(target.name) (\(target.channel)) is deleted.")
        }
    }
}

/// The template that a command is about.
struct TemplateTarget: ParsableArguments {
    @Option(help: "sms, whatsapp, voice or email.") var channel: String
    @Option(help: "The template's name.") var name = "default"
    @Option(help: "A language tag such as de or pt-BR (default: readers of every other language).")
    var locale: String?

    /// Its path in the operator's API.
    var path: String {
        let language = locale.map { "?locale=\(PathSegment($0))" } ?? ""
        return "/v1/templates/\(PathSegment(channel))/\(PathSegment(name))\(language)"
    }
}
