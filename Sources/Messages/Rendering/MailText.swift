/// What a mail says, without the form that mail programs need.
public struct MailText: Equatable, Sendable {
    public enum Body: Equatable, Sendable {
        /// The code on a line of its own, with lines above and below.
        case builtIn(heading: String, advice: [String])
        /// The lines of an own template, with the code somewhere in them.
        case own(lines: [String])
    }

    public let language: Language
    /// Without line breaks.
    public let subject: String
    public let body: Body
    /// What to write over a link that carries the code.
    public let link: String
    /// The transaction that the code confirms, as far as the text does not show it.
    public let binding: [String]
    /// The last line, which binds the code to a website.
    public let originBoundLine: String?
}

extension MessageWriter {
    /// - Parameter codeInSubject: whether the workspace wants the code there. An own subject never has it.
    public func mail(codeInSubject: Bool) -> MailText {
        let mail = wording.mail
        let subject = template?.subject?.phrase ?? (codeInSubject ? mail.subjectWithCode : mail.subject)
        let body: MailText.Body =
            if let template {
                .own(
                    lines: filled(template.text.phrase).split(separator: "\n", omittingEmptySubsequences: false)
                        .map(String.init))
            } else {
                .builtIn(heading: filled(mail.heading), advice: mail.advice.map { filled($0) })
            }
        return MailText(
            language: language, subject: filled(subject), body: body, link: filled(mail.link),
            binding: bindingLines, originBoundLine: values.originBoundLine)
    }
}
