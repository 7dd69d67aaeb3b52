import EnclaveLink
import Messages

/// A message as a provider gets it: ready to be sent, and the code once more for those that have a place of their own
/// for it.
struct ProvidedMessage: Sendable, Redacted {
    /// An E.164 number.
    let recipient: String
    /// The whole text, code included, in the form of the channel.
    let text: String
    /// What a voice says.
    let voice: VoiceMessage
    let code: DeliverableCode
    /// The language of the text.
    let language: Language
    /// How long the code is of any use, in minutes.
    let validMinutes: Int
    /// The challenge's identifier: the same for every try to send the same code.
    let challenge: String

    /// The number without its `+`, as some APIs want it.
    var digits: String { recipient.hasPrefix("+") ? String(recipient.dropFirst()) : recipient }

    var description: String { "<message>" }
}

extension ProvidedMessage {
    init(_ message: OutgoingMessage) {
        let voice = message.voice
        let text =
            switch message.channel {
            case .sms: message.smsText
            case .voice: voice.transcript
            case .whatsapp, .email: message.chatText
            }
        self.init(
            recipient: message.contact.value, text: text, voice: voice, code: message.code, language: voice.language,
            validMinutes: message.wording.validMinutes, challenge: message.challenge)
    }
}
