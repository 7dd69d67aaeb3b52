import EnclaveLink
import Encodings
import Messages

/// What a message says in the form of its channel: for whoever hands it to a provider.
extension OutgoingMessage {
    /// The words of the message in its language, or those of the workspace's template.
    var writer: MessageWriter {
        // A line that binds the code to what is no host would be worse than none.
        let domain = wording.domain.flatMap { HostName.isValid($0) ? $0 : nil }
        let values = MessageValues(
            code: code.value, application: wording.application, minutes: wording.validMinutes, domain: domain,
            binding: binding)
        return MessageWriter(values, in: Language(rawValue: wording.language) ?? .english, template: template)
    }

    /// One SMS, its lines parted by LF.
    var smsText: String { lines(writer.smsLines).joined(separator: "\n") }

    /// Text for a messenger that takes any, its lines parted by LF.
    var chatText: String { lines(writer.chatLines).joined(separator: "\n") }

    /// What a voice says.
    var voice: VoiceMessage {
        let writer = writer
        guard let text = style.text else { return writer.voice }
        let once: [VoiceMessage.Part] = [
            .text(text.before), .characters(code.value.map { String($0) }), .text(text.after),
        ]
        return VoiceMessage(language: writer.voice.language, parts: once + [.pause] + once)
    }

    /// What the inbox shows of a message that is no mail.
    var filedLines: [String] {
        switch channel {
        case .sms: lines(writer.smsLines)
        case .whatsapp, .email: lines(writer.chatLines)
        case .voice: voice.transcript.split(separator: "\n").map(String.init)
        }
    }

    /// A caller's own text takes the place of all but the line that binds the code.
    private func lines(_ lines: [String]) -> [String] {
        guard let text = style.text else { return lines }
        return [text.filled(with: code.value)] + (writer.originBoundLine.map { ["", $0] } ?? [])
    }
}
