/// What a message is written in: the reader's own wish, else the language of the number's country, else English.
public struct MessageLanguage: Equatable, Sendable {
    /// Of the built-in wording.
    public let language: Language
    /// The tags under which an own template is looked for, best first.
    public let candidates: [String]

    /// - Parameters:
    ///   - locale: what the caller says the reader reads; nil where it says nothing.
    ///   - region: the number's country, ISO 3166-1 alpha-2; nil for an e-mail address.
    public init(locale: LanguageTag?, region: String?) {
        let native = region.flatMap { Language(region: $0) }
        language = locale?.language ?? native ?? .english
        // A wish for a language of which there is nothing is better served by the country's than by nobody's.
        let tags = (locale?.ranges ?? []) + [language.rawValue]
        candidates = tags.enumerated().filter { position, tag in !tags[..<position].contains(tag) }.map(\.element)
    }
}
