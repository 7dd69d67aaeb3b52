/// Text with places for values: `Your {{app}} code`.
struct Phrase: Equatable, Sendable {
    enum Part: Equatable, Sendable {
        case text(String)
        /// The name between the braces, without spaces around it.
        case place(String)
    }

    let parts: [Part]

    init(parts: [Part]) { self.parts = parts }

    /// Two opening braces without two closing ones are text.
    init(_ text: String) {
        var parts: [Part] = []
        // Scalar by scalar, as templates are checked: a mark that follows a brace makes another character of it.
        var rest = text.unicodeScalars[...]
        while let open = rest.firstRange(of: "{{".unicodeScalars),
            let close = rest[open.upperBound...].firstRange(of: "}}".unicodeScalars)
        {
            if open.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<open.lowerBound]))) }
            parts.append(.place(Self.name(rest[open.upperBound..<close.lowerBound])))
            rest = rest[close.upperBound...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.parts = parts
    }

    private static func name(_ text: Substring.UnicodeScalarView) -> String {
        var name = text.drop { $0 == " " }
        while name.last == " " { name.removeLast() }
        return String(name)
    }

    /// What is put in is not read again: a name that looks like a place stays a name.
    func filled(_ value: (_ place: String) -> String) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .place(let name): value(name)
            }
        }.joined()
    }
}

extension Phrase: ExpressibleByStringLiteral {
    init(stringLiteral text: String) { self.init(text) }
}
