import EnclaveLink
import Messages

/// In which language one send's messages are, and which own texts they have. Chosen anew for each send: a resend is in
/// the language of the resend.
struct MessageTexts: Sendable {
    let language: MessageLanguage
    /// A channel without one has the built-in wording.
    let templates: [Channel: OwnTemplate]

    /// Built-in wording in English, for messages that nobody chose a text for.
    static let usual = MessageTexts(language: MessageLanguage(locale: nil, region: nil), templates: [:])

    init(language: MessageLanguage, templates: [Channel: OwnTemplate]) {
        self.language = language
        self.templates = templates
    }

    /// - Parameters:
    ///   - name: what the caller names; nil for the workspace's usual texts, which win over the built-in wording.
    ///   - binding: the transaction that the code confirms, as JSON.
    /// - Throws: `templateUnknown` if none of the route's channels has the named template in a language that suits;
    ///   `bindingIncomplete` where a named template shows what the binding does not have.
    init(
        named name: String?, in language: MessageLanguage, over channels: [Channel], of templates: [StoredTemplate],
        binding: String?
    ) throws(PasscodeError) {
        var chosen: [Channel: OwnTemplate] = [:]
        let members = Set((binding.flatMap(BindingMember.members) ?? []).map(\.name))
        for channel in channels {
            guard let template = templates.best(named: name, on: channel, for: language) else { continue }
            let missing = try template.checked().bindingNames.subtracting(members)
            guard missing.isEmpty else {
                // Nobody asked for the usual text; without a transaction, the built-in wording says what there is to say.
                guard name != nil else { continue }
                throw .bindingIncomplete(missing.sorted())
            }
            chosen[channel] = template.own
        }
        if let name, name != TemplateName.usual, chosen.isEmpty { throw .templateUnknown() }
        self.init(language: language, templates: chosen)
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
