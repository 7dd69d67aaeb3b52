/// A language that messages are written in without anybody's template. The raw value is its BCP 47 primary subtag.
public enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case german = "de"
    case spanish = "es"
    case french = "fr"
    case portuguese = "pt"
    case italian = "it"
    case dutch = "nl"
    case polish = "pl"
    case turkish = "tr"
    case russian = "ru"
    case arabic = "ar"
    case hindi = "hi"
    case indonesian = "id"
    case japanese = "ja"
    case korean = "ko"
    case chinese = "zh"

    /// Whether it is written from right to left.
    public var isRightToLeft: Bool { self == .arabic }

    /// The tag by which services that speak know a voice of the language.
    public var voiceTag: String {
        switch self {
        case .english: "en-US"
        case .german: "de-DE"
        case .spanish: "es-ES"
        case .french: "fr-FR"
        case .portuguese: "pt-BR"
        case .italian: "it-IT"
        case .dutch: "nl-NL"
        case .polish: "pl-PL"
        case .turkish: "tr-TR"
        case .russian: "ru-RU"
        case .arabic: "arb"
        case .hindi: "hi-IN"
        case .indonesian: "id-ID"
        case .japanese: "ja-JP"
        case .korean: "ko-KR"
        case .chinese: "cmn-CN"
        }
    }
}
