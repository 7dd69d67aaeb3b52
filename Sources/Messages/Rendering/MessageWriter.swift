/// Writes one message in each of the forms that channels need.
public struct MessageWriter: Sendable {
    let values: MessageValues
    let language: Language
    let template: MessageTemplate?
    let wording: Wording

    /// - Parameter template: the workspace's own; nil for the built-in wording.
    public init(_ values: MessageValues, in language: Language, template: MessageTemplate? = nil) {
        self.values = values
        self.language = language
        self.template = template
        wording = .of(language)
    }

    /// What the template shows and the binding does not have: a message with a hole is not sent.
    public var missingBindingNames: Set<String> {
        (template?.bindingNames ?? []).subtracting(values.binding.map(\.name))
    }

    /// True if neither a template nor a binding adds words to the built-in ones.
    public var isBuiltInAlone: Bool { template == nil && values.binding.isEmpty }

    /// As of the message's values.
    public var originBoundLine: String? { values.originBoundLine }

    /// The members of the binding that the text does not show by name, a line each. Whoever confirms a transaction has to
    /// see all of it.
    var bindingLines: [String] {
        let shown = template?.text.variables ?? []
        return values.binding.filter { !shown.contains(.binding($0.name)) }.map { "\($0.name): \($0.value)" }
    }

    /// A built-in phrase or a template with everything in its place. An application without a name leaves no gap.
    func filled(_ phrase: Phrase, application: String? = nil) -> String {
        let application = application ?? values.application
        let text = phrase.filled { value(of: $0, application: application) }
        return application.isEmpty ? Self.closingGaps(text) : text
    }

    /// What stands in a place.
    /// - Parameter application: nil for the name that the values have.
    func value(of place: String, application: String? = nil) -> String {
        switch place {
        case "code": values.code
        case "app": application ?? values.application
        case "minutes": String(values.minutes)
        case "validity": wording.minutes.text(values.minutes)
        case "domain": values.domain ?? ""
        default: values.binding.first { "binding.\($0.name)" == place }?.value ?? ""
        }
    }

    private static func closingGaps(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.split(separator: " ").joined(separator: " ") }.joined(separator: "\n")
    }
}
