import EnclaveLink
import Messages
import Workspaces

/// In which language one send's messages are, and which own texts they have. Chosen anew for each send: a resend is in
/// the language of the resend.
struct MessageTexts: Sendable {
    let language: MessageLanguage
    /// A channel without one has the built-in wording.
    let templates: [Channel: OwnTemplate]

    init(language: MessageLanguage, templates: [Channel: OwnTemplate]) {
        self.language = language
        self.templates = templates
    }

    /// - Parameters:
    ///   - name: what the caller names; nil for the workspace's usual texts, which win over the built-in wording.
    ///   - values: what the messages show, with any code.
    /// - Throws: `templateUnknown` if none of the route's channels has the named template in a language that suits;
    ///   `bindingIncomplete` where a named template shows what the binding does not have; `messageTooLong` where a channel's
    ///   providers would not take its message.
    init(
        named name: String?, in language: MessageLanguage, over channels: [Channel], of templates: [StoredTemplate],
        showing values: MessageValues
    ) throws(PasscodeError) {
        var chosen: [Channel: OwnTemplate] = [:]
        for channel in channels {
            let stored = templates.best(named: name, on: channel, for: language)
            var writer = MessageWriter(values, in: language.language, template: try stored?.checked())
            let missing = writer.missingBindingNames
            if missing.isEmpty {
                chosen[channel] = stored?.own
            } else if name != nil {
                throw .bindingIncomplete(missing.sorted())
            } else {
                // Nobody asked for the usual text; without a transaction, the built-in wording says what there is to say.
                writer = MessageWriter(values, in: language.language)
            }
            try Self.requireRoom(for: writer, on: channel)
        }
        if let name, name != TemplateName.usual, chosen.isEmpty { throw .templateUnknown() }
        self.init(language: language, templates: chosen)
    }

    private static func requireRoom(for writer: MessageWriter, on channel: Channel) throws(PasscodeError) {
        // The built-in wording alone always has room.
        guard !writer.isBuiltInAlone else { return }
        let length = writer.length(as: channel.messageKind)
        guard !length.isTooLong else { throw .messageTooLong(length, on: channel) }
    }
}

extension MessageValues {
    /// What a send's messages show, with a code that is no more than as long as its own.
    static func sample(
        of application: ApplicationName, binding: String? = nil, codeLength: Int, settings: WorkspaceSettings
    ) -> MessageValues {
        MessageValues(
            code: String(repeating: "0", count: codeLength), application: application.text,
            minutes: MessageValues.minutes(seconds: settings.codeLifetimeSeconds), domain: settings.domain,
            binding: binding.flatMap(BindingMember.members) ?? [])
    }
}

extension [StoredTemplate] {
    /// The one that suits a reader best; nil where none does. Without a name, the workspace's usual one.
    func best(named name: String?, on channel: Channel, for language: MessageLanguage) -> StoredTemplate? {
        let templates = filter { $0.name.channel == channel && $0.name.name == name ?? TemplateName.usual }
        for candidate in language.candidates {
            if let found = templates.first(where: { $0.name.locale?.text == candidate }) { return found }
        }
        return templates.first { $0.name.locale == nil }
    }
}
