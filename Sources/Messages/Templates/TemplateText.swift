/// One part of an own template, checked: plain text with places for values, and nothing that is more than text.
///
/// Whoever reads the message sees what stands here and no more. There are no conditions, loops or scripts; markup would be
/// shown as it is written and is refused, so that nobody believes that it works.
public struct TemplateText: Equatable, Sendable {
    let phrase: Phrase
    /// The values that it shows.
    public let variables: Set<TemplateVariable>

    /// What a part may be.
    struct Rules {
        let part: TemplateError.Part
        /// Unicode scalars, at most.
        let longest: Int
        let hasLines: Bool
        /// Whether the code stands in it, once; else it must not.
        let hasCode: Bool
    }

    init(_ text: String, under rules: Rules) throws(TemplateError) {
        var check = TemplateCheck(text, rules)
        variables = try check.run()
        phrase = Phrase(text)
    }
}
