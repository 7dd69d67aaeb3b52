import EnclaveLink
import Messages
import Workspaces

/// A message as a person would get it, with a sample code: to look at before anybody does.
public struct TemplatePreview: Sendable {
    /// Stands for a code. No message is ever sent with it because somebody looked at a preview.
    public static let sampleCode = "123456"

    public let language: Language
    /// Of a mail; nil for every other channel.
    public let subject: String?
    public let text: String
    public let length: MessageLength
    /// With the longest values that there can be, members of a binding left out that the text does not show.
    public let longest: MessageLength

    /// - Parameters:
    ///   - template: nil for the built-in wording.
    ///   - binding: sample values by name.
    /// - Throws: `templateRefused`, with reason and place.
    public init(
        of template: StoredTemplate?, on channel: Channel, in language: MessageLanguage, application: String,
        settings: WorkspaceSettings, binding: [BindingMember]
    ) throws(PasscodeError) {
        let checked = try template.map { stored throws(PasscodeError) in try stored.checked() }
        // Values that nobody gave are shown by their names.
        let given = Set(binding.map(\.name))
        let samples = (checked?.bindingNames ?? []).subtracting(given).sorted()
            .map { BindingMember(name: $0, value: "[\($0)]") }
        let values = MessageValues(
            code: Self.sampleCode, application: application,
            minutes: MessageValues.minutes(seconds: settings.codeLifetimeSeconds),
            domain: settings.domain, binding: binding + samples)
        let writer = MessageWriter(values, in: language.language, template: checked)
        self.language = language.language
        let kind = channel.messageKind
        text = writer.text(as: kind)
        subject = kind == .email ? writer.mail(codeInSubject: settings.codeInSubject).subject : nil
        length = writer.length(as: kind)
        longest =
            LongestMessage(
                of: checked, as: kind, in: language.language, bindingLength: ChallengeClaims.bindingLength
            ).length
    }
}
