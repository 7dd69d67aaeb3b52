/// A workspace's own text for the messages of one channel, checked when it is saved and again where the code is put in:
/// a host that lies must not be able to have a code carried anywhere but to the person.
public struct MessageTemplate: Equatable, Sendable {
    /// Unicode scalars of a mail's subject, at most.
    public static let longestSubject = 150

    public let kind: MessageKind
    /// Of a mail; nil for every other kind.
    public let subject: TemplateText?
    public let text: TemplateText

    /// - Parameters:
    ///   - subject: of a mail, without the code; nil for other kinds.
    ///   - text: with the code once, standing free. The line that binds the code to a website follows by itself.
    public init(_ kind: MessageKind, subject: String?, text: String) throws(TemplateError) {
        self.kind = kind
        switch (kind, subject) {
        case (.email, nil): throw TemplateError(.subjectMissing, in: .subject, "a mail has a subject")
        case (.email, let subject?):
            self.subject = try TemplateText(
                subject,
                under: .init(part: .subject, longest: Self.longestSubject, hasLines: false, hasCode: false))
        case (_, nil): self.subject = nil
        case (_, _?): throw TemplateError(.subjectNotAllowed, in: .subject, "only a mail has a subject")
        }
        self.text = try TemplateText(
            text, under: .init(part: .text, longest: kind.longestText, hasLines: kind.hasLines, hasCode: true))
    }

    /// The members of a binding that it shows by name.
    public var bindingNames: Set<String> {
        var names: Set<String> = []
        for variable in text.variables.union(subject?.variables ?? []) {
            if case .binding(let name) = variable { names.insert(name) }
        }
        return names
    }
}
