/// What a voice says: the code character by character, and all of it twice.
public struct VoiceMessage: Equatable, Sendable {
    public enum Part: Equatable, Sendable {
        case text(String)
        /// Each to be said on its own, slowly.
        case characters([String])
        case pause
    }

    public let language: Language
    public let parts: [Part]

    public init(language: Language, parts: [Part]) {
        self.language = language
        self.parts = parts.filter { $0 != .text("") }
    }

    /// The same to read, for the inbox and for previews.
    public var transcript: String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .characters(let characters): characters.joined()
            case .pause: "\n"
            }
        }.joined()
    }
}

extension MessageWriter {
    public var voice: VoiceMessage {
        let binding = bindingLines.flatMap { [VoiceMessage.Part.pause, .text($0)] }
        if let template {
            let once = parts(of: template.text.phrase) + binding
            return VoiceMessage(language: language, parts: once + [.pause] + once)
        }
        return VoiceMessage(
            language: language,
            parts: parts(of: wording.voice) + binding + [.pause] + parts(of: wording.voiceAgain))
    }

    private func parts(of phrase: Phrase) -> [VoiceMessage.Part] {
        phrase.parts.split(separator: .place("code"), omittingEmptySubsequences: false)
            .map { piece in VoiceMessage.Part.text(filled(Phrase(parts: Array(piece)))) }
            .reduce(into: []) { parts, text in
                if !parts.isEmpty { parts.append(.characters(values.code.map { String($0) })) }
                parts.append(text)
            }
    }
}
