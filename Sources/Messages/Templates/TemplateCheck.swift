/// Looks through one part of a template, from its beginning to its end.
struct TemplateCheck {
    private let scalars: [UnicodeScalar]
    private let rules: TemplateText.Rules
    private var position = 0
    private var variables: Set<TemplateVariable> = []
    /// Where the code's place begins and ends.
    private var code: Range<Int>?

    init(_ text: String, _ rules: TemplateText.Rules) {
        scalars = Array(text.unicodeScalars)
        self.rules = rules
    }

    /// The values that the text shows.
    mutating func run() throws(TemplateError) -> Set<TemplateVariable> {
        guard scalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw TemplateError(.empty, in: rules.part, "there is no text")
        }
        guard scalars.count <= rules.longest else {
            throw TemplateError(
                .tooLong, in: rules.part, "\(scalars.count) characters are too many: \(rules.longest) are the limit")
        }
        while position < scalars.count { try step() }
        try checkCode()
        return variables
    }

    private mutating func step() throws(TemplateError) {
        let scalar = scalars[position]
        switch scalar {
        case "{" where next == "{": try readPlace()
        case "{", "}":
            throw fault(
                .strayBrace, "braces stand around the name of a value only: {{code}}, {{app}}, {{minutes}}, {{domain}}")
        case "<" where next.map(Self.beginsMarkup) == true:
            throw fault(.markup, "this is plain text: HTML and scripts are neither needed nor allowed")
        case "\n":
            guard rules.hasLines else { throw fault(.severalLines, "this text has one line") }
            position += 1
        default:
            guard ShownText.isAllowed(scalar) else {
                let number = String(scalar.value, radix: 16, uppercase: true)
                throw fault(.forbiddenCharacter, "the character U+\(number) hides or turns text, or ends it")
            }
            position += 1
        }
    }

    private mutating func readPlace() throws(TemplateError) {
        let inside = scalars[(position + 2)...]
        guard
            let end = inside.indices.first(where: {
                inside[$0] == "}" && inside.dropFirst($0 - position - 1).first == "}"
            })
        else { throw fault(.strayBrace, "{{ has no }}") }
        let name = Self.trimmed(inside[..<end])
        guard let variable = TemplateVariable(name) else {
            let shown = ShownText.line(name, longest: 40)
            throw fault(
                .unknownVariable,
                "there is no value \"\(shown)\": code, app, minutes, domain and binding.NAME are all there are")
        }
        if variable == .code {
            guard rules.hasCode else {
                throw fault(.codeInSubject, "the code is in the subject where the workspace's setting says so")
            }
            guard code == nil else { throw fault(.codeTwice, "the code stands in a text once") }
            code = position..<(end + 2)
        }
        variables.insert(variable)
        position = end + 2
    }

    private func checkCode() throws(TemplateError) {
        guard rules.hasCode else { return }
        guard let code else { throw TemplateError(.codeMissing, in: rules.part, "{{code}} is missing") }
        let before = scalars[..<code.lowerBound].reversed()
        let after = scalars[code.upperBound...]
        guard ShownText.isFree(before), ShownText.isFree(after) else {
            throw fault(
                .codeNotFree, at: code.lowerBound,
                "the code stands free, between spaces or marks such as . , : ( ) 。 ，: never in a word, an address or a number"
            )
        }
    }

    private var next: UnicodeScalar? { position + 1 < scalars.count ? scalars[position + 1] : nil }

    private static func beginsMarkup(_ scalar: UnicodeScalar) -> Bool {
        "/!?%".unicodeScalars.contains(scalar) || (scalar.isASCII && scalar.properties.isAlphabetic)
    }

    private static func trimmed(_ scalars: ArraySlice<UnicodeScalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        return String(view)
    }

    private func fault(
        _ reason: TemplateError.Reason, at place: Int? = nil, _ message: String
    ) -> TemplateError {
        let before = scalars[..<(place ?? position)]
        let line = before.count { $0 == "\n" } + 1
        let column = before.reversed().prefix { $0 != "\n" }.count + 1
        return TemplateError(reason, in: rules.part, line: line, column: column, message)
    }
}
