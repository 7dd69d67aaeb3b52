/// A message as a call says it, in TwiML (https://www.twilio.com/docs/voice/twiml): the text, with every character of the
/// code as a word of its own and a pause after it, and all of that twice.
struct SpokenCode {
    private static let codePause = "<Pause length=\"1\"/>"
    private static let longPause = "<Pause length=\"2\"/>"

    private let before: String
    private let after: String
    private let code: String
    private let language: String

    init(_ message: ProvidedMessage) {
        code = message.code.value
        language = Self.languages[message.locale.lowercased()] ?? Self.languages[message.language] ?? "en-US"
        // The last line, `@example.com #123456`, is for programs that read messages.
        let spoken = message.text.split(separator: "\n").filter { !$0.hasPrefix("@") }.joined(separator: " ")
        let place = spoken.range(of: code)
        before = place.map { String(spoken[..<$0.lowerBound]) } ?? spoken
        after = place.map { String(spoken[$0.upperBound...]) } ?? ""
    }

    var twiML: String {
        let characters = code.map { say(String($0)) + Self.codePause }.joined()
        let once = say(before) + characters + say(after)
        return "<Response>\(Self.codePause)\(once)\(Self.longPause)\(once)</Response>"
    }

    private func say(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.isAlphabetic || $0.properties.numericType != nil })
        else { return "" }
        return "<Say language=\"\(language)\">\(HTMLText.escaped(text))</Say>"
    }

    /// Twilio's name for the voice of a language (https://www.twilio.com/docs/voice/twiml/say/text-speech).
    private static let languages = [
        "en": "en-US", "de": "de-DE", "es": "es-ES", "fr": "fr-FR", "pt": "pt-BR", "pt-pt": "pt-PT", "it": "it-IT",
        "nl": "nl-NL", "pl": "pl-PL", "tr": "tr-TR", "ru": "ru-RU", "ar": "ar-XA", "hi": "hi-IN", "id": "id-ID",
        "ja": "ja-JP", "ko": "ko-KR", "zh": "cmn-CN", "en-gb": "en-GB", "es-mx": "es-MX",
    ]
}
