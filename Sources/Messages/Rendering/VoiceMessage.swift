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

    /// UTF-16 units of the XML in which services are told what to say (`TwiML`, SSML), at most: tags of 30, pauses of 20,
    /// and characters of a text as XML writes them.
    public var markupLength: Int {
        parts.reduce(40) { length, part in
            switch part {
            case .text(let text): length + 30 + text.unicodeScalars.reduce(0) { $0 + Self.markupWidth(of: $1) }
            case .characters(let characters): length + characters.reduce(0) { $0 + 50 + $1.utf16.count }
            case .pause: length + 20
            }
        }
    }

    private static func markupWidth(of scalar: UnicodeScalar) -> Int {
        "&<>\"'".unicodeScalars.contains(scalar) ? "&quot;".utf16.count : UTF16.width(scalar)
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
