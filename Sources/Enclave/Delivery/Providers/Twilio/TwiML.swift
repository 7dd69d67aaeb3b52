import Messages

/// What a call says, as Twilio is told it (https://www.twilio.com/docs/voice/twiml).
struct TwiML {
    private static let shortPause = "<Pause length=\"1\"/>"
    private static let longPause = "<Pause length=\"2\"/>"

    let text: String

    init(_ message: VoiceMessage) {
        // Whoever picks up says a name first.
        let verbs = message.parts.map { part in
            switch part {
            case .text(let text): Self.say(text, in: message.language)
            case .characters(let characters):
                characters.map { Self.say($0, in: message.language) + Self.shortPause }.joined()
            case .pause: Self.longPause
            }
        }
        text = "<Response>\(Self.shortPause)\(verbs.joined())</Response>"
    }

    /// Nothing for a text without a word: some voices say the names of punctuation marks.
    private static func say(_ text: String, in language: Language) -> String {
        let hasWord = text.unicodeScalars.contains {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
        return hasWord ? "<Say language=\"\(language.voiceTag)\">\(HTMLText.escaped(text))</Say>" : ""
    }
}
