import EnclaveLink

/// A message as a provider gets it: ready to be sent, and the code once more for those that have a place of their own
/// for it.
struct ProvidedMessage: Sendable, Redacted {
    /// An E.164 number, or an e-mail address.
    let recipient: String
    let channel: Channel
    /// The whole text, code included.
    let text: String
    let code: DeliverableCode
    /// The language that the text is in (BCP 47), such as `de` or `pt-BR`.
    let locale: String
    /// How long the code is of any use, in minutes.
    let validMinutes: Int
    /// The challenge's identifier: the same for every try to send the same code.
    let challenge: String

    /// An E.164 number without its `+`, as some APIs want it.
    var digits: String { recipient.hasPrefix("+") ? String(recipient.dropFirst()) : recipient }

    /// The language alone, in lower case, such as `pt`.
    var language: String { String(locale.lowercased().prefix { $0 != "-" && $0 != "_" }) }

    var description: String { "<message>" }
}

extension ProvidedMessage {
    init(_ message: OutgoingMessage) {
        self.init(
            recipient: message.contact.value, channel: message.channel,
            text: EnglishWording(message).shortLines.joined(separator: "\n"), code: message.code, locale: "en",
            validMinutes: message.wording.validMinutes, challenge: message.challenge)
    }
}
