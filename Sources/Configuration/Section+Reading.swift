extension Section {
    /// A text, quoted or not, of one character or more.
    public func string(_ name: String) throws(ConfigurationError) -> String? {
        guard let node = value(name) else { return nil }
        return try text(name, node)
    }

    /// A whole number in decimal digits, without quotes.
    public func integer(_ name: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        guard let node = value(name) else { return nil }
        return try number(name, node, in: range)
    }

    /// `true` or `false`, without quotes. `yes`, `on` and the like are refused, because YAML's versions disagree on them.
    public func boolean(_ name: String) throws(ConfigurationError) -> Bool? {
        guard let node = value(name) else { return nil }
        switch node.content {
        case .scalar("true", isPlain: true): return true
        case .scalar("false", isPlain: true): return false
        default: throw wrong(name, node, "must be true or false")
        }
    }

    /// One of a few words.
    public func choice(_ name: String, of words: [String]) throws(ConfigurationError) -> String? {
        guard let node = value(name) else { return nil }
        guard case .scalar(let text, _) = node.content, words.contains(text) else {
            throw wrong(name, node, "must be one of \(words.joined(separator: ", "))")
        }
        return text
    }

    /// One case of an enumeration, by its raw value.
    public func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String, of type: Choice.Type
    ) throws(ConfigurationError) -> Choice? {
        try choice(name, of: type.allCases.map(\.rawValue)).flatMap { type.init(rawValue: $0) }
    }

    /// A list of texts, which may be empty.
    public func strings(_ name: String) throws(ConfigurationError) -> [String]? {
        guard let nodes = try list(name, of: "texts") else { return nil }
        var texts: [String] = []
        for (index, node) in nodes.enumerated() { texts.append(try text("\(name)[\(index)]", node)) }
        return texts
    }

    /// A list of whole numbers, which may be empty.
    public func integers(_ name: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> [Int]? {
        guard let nodes = try list(name, of: "numbers") else { return nil }
        var numbers: [Int] = []
        for (index, node) in nodes.enumerated() { numbers.append(try number("\(name)[\(index)]", node, in: range)) }
        return numbers
    }

    /// A credential. No error about it quotes it.
    public func secret(_ name: String) throws(ConfigurationError) -> SecretText? {
        guard let node = value(name) else { return nil }
        return SecretText(try text(name, node))
    }

    /// A section inside this one. A name without a value is an empty section, not an absent one.
    public func section(_ name: String) throws(ConfigurationError) -> Section? {
        guard let node = value(name) else { return nil }
        return try section(name, node)
    }

    /// A list of sections, which may be empty.
    public func sections(_ name: String) throws(ConfigurationError) -> [Section]? {
        guard let nodes = try list(name, of: "sections") else { return nil }
        var sections: [Section] = []
        for (index, node) in nodes.enumerated() { sections.append(try section("\(name)[\(index)]", node)) }
        return sections
    }

    /// A list of anything, for a reader with rules of its own. Nothing in it is a setting that `finish` would look for.
    public func nodes(_ name: String) throws(ConfigurationError) -> [YAMLNode]? { try list(name, of: "entries") }

    private func list(_ name: String, of things: String) throws(ConfigurationError) -> [YAMLNode]? {
        guard let node = value(name) else { return nil }
        guard case .sequence(let nodes) = node.content else { throw wrong(name, node, "must be a list of \(things)") }
        return nodes
    }

    private func text(_ name: String, _ node: YAMLNode) throws(ConfigurationError) -> String {
        guard case .scalar(let text, _) = node.content, !node.isEmpty else { throw wrong(name, node, "must be text") }
        if text.isEmpty { throw error(name, line: node.line, "must not be empty") }
        // C libraries would read the text only up to there.
        if text.utf8.contains(0) { throw error(name, line: node.line, "must not contain the character U+0000") }
        return text
    }

    private func number(
        _ name: String, _ node: YAMLNode, in range: ClosedRange<Int>
    ) throws(ConfigurationError) -> Int {
        guard case .scalar(let text, isPlain: true) = node.content, let number = Self.number(text), range ~= number
        else {
            throw wrong(name, node, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Digits and a minus sign only: other notations (0x1F, 017, 1_000, 1e3) mean different numbers to different people.
    private static func number(_ text: String) -> Int? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard digits == "0" || !digits.hasPrefix("0"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
