import API
import ArgumentParser

extension TemplateCommand {
    /// `countersign template preview`
    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a message with a sample code, and what an SMS costs; nothing is sent.")

        @OptionGroup var options: CommandOptions
        @Option(help: "sms, whatsapp, voice or email.") var channel: String
        @Option(help: "The template's name (default: what a send takes that names none).") var name: String?
        @Option(help: "What the reader reads, such as de or pt-BR.") var locale: String?
        @Option(help: "The number's country, such as DE, where there is no --locale.") var country: String?
        @Option(help: "A text that is not saved yet, instead of the template's.") var text: String?
        @Option(help: "Its subject, for a mail.") var subject: String?
        @Option(help: "The application's name, as a send gives it.") var app: String?
        @Option(help: "A value NAME=VALUE of the binding; may be repeated.") var binding: [String] = []

        func run() async throws {
            let preview = try await options.connection()
                .call("POST", "/v1/templates/preview", body: try wish(), as: TemplatePreviewDescription.self)
            if options.json { return try Output.json(preview) }
            TemplateReport.print(preview)
        }

        private func wish() throws -> TemplatePreviewWish {
            var values: [String: String] = [:]
            for pair in binding {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { throw CommandError("--binding takes NAME=VALUE") }
                values[String(parts[0])] = String(parts[1])
            }
            var wish = TemplatePreviewWish(channel: channel)
            (wish.name, wish.locale, wish.country, wish.app) = (name, locale, country, app)
            (wish.text, wish.subject) = (text, subject)
            wish.binding = values.isEmpty ? nil : values
            return wish
        }
    }
}

/// Templates as a person reads them.
enum TemplateReport {
    static func print(_ template: TemplateDescription) {
        var rows = [
            ("name", template.name), ("channel", template.channel), ("language", template.locale ?? "any other"),
        ]
        if let subject = template.subject { rows.append(("subject", subject)) }
        Output.table(rows + [("updated", template.updatedAt)])
        show(template.text)
    }

    static func print(_ preview: TemplatePreviewDescription) {
        var rows = [("language", preview.language)]
        if let subject = preview.subject { rows.append(("subject", subject)) }
        if let encoding = preview.encoding, let units = preview.units, let segments = preview.segments {
            rows.append(("segments", "\(segments), \(encoding), \(units) \(encoding == "GSM-7" ? "septets" : "units")"))
        }
        Output.table(rows + [("at most", words(preview.longest))])
        show(preview.text)
    }

    private static func words(_ longest: TemplatePreviewDescription.Longest) -> String {
        let limit = longest.limit.map { " of \($0)" } ?? ""
        let segments = longest.segments.map { ", \($0) segments" } ?? ""
        let isRefused = longest.limit.map { longest.characters > $0 } ?? false
        return "\(longest.characters)\(limit) characters\(segments)" + (isRefused ? ": too long to be saved" : "")
    }

    /// A text's lines, none of which can steer the terminal.
    private static func show(_ text: String) {
        Output.line("")
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            Output.line(String(line).visible(atMost: .max))
        }
    }
}
