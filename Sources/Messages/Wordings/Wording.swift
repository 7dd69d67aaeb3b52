/// What messages say in one language where nobody wrote a template. Its places are `code`, `app`, and `validity`, the
/// minutes as the language counts them.
///
/// There are few forms of each text, because carriers take many for the mark of a spammer.
struct Wording: Sendable {
    let minutes: MinutePhrase
    /// For SMS and WhatsApp, the longest first: a form is taken that stays in one segment. Where GSM-7 can write the
    /// language at all, these do with its letters.
    let short: [Phrase]
    /// Said by a voice; the code comes digit by digit.
    let voice: Phrase
    /// Said after it, so that who had no pen at hand hears the code again.
    let voiceAgain: Phrase
    let mail: MailWording
}

/// The parts of a mail, each with the places of ``Wording``.
struct MailWording: Sendable {
    let subject: Phrase
    /// Where the workspace wants the code in the subject.
    let subjectWithCode: Phrase
    /// Above the code.
    let heading: Phrase
    /// Over or on a link that carries the code.
    let link: Phrase
    /// Below the code, a line each.
    let advice: [Phrase]
}

extension Wording {
    static func of(_ language: Language) -> Wording {
        switch language {
        case .english: english
        case .german: german
        case .spanish: spanish
        case .french: french
        case .portuguese: portuguese
        case .italian: italian
        case .dutch: dutch
        case .polish: polish
        case .turkish: turkish
        case .russian: russian
        case .arabic: arabic
        case .hindi: hindi
        case .indonesian: indonesian
        case .japanese: japanese
        case .korean: korean
        case .chinese: chinese
        }
    }

    /// What is left where no sentence fits.
    static let shortest: Phrase = "{{app}}: {{code}}"
}
