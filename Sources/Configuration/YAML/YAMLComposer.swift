/// Builds the nodes of a file from its events, and refuses what a file of settings does not need.
struct YAMLComposer {
    private let events: YAMLEvents
    private let file: String
    private let deepest: Int

    /// - Parameter deepest: sections and lists inside each other, at most.
    init(_ bytes: [UInt8], file: String, deepest: Int) throws(ConfigurationError) {
        events = try YAMLEvents(bytes, file: file)
        self.file = file
        self.deepest = deepest
    }

    /// The only document of the file; nil if it holds nothing but comments.
    func document() throws(ConfigurationError) -> YAMLNode? {
        guard case .documentStart = try events.next().event else { return nil }
        let (event, line) = try events.next()
        let node = try node(event, line: line, depth: 0)
        let rest = try events.next()
        guard case .end = rest.event else {
            throw error(rest.line, "a second document (---) is not allowed in this file")
        }
        return node
    }

    private func node(_ event: YAMLEvents.Event, line: Int, depth: Int) throws(ConfigurationError) -> YAMLNode {
        switch event {
        case .scalar(let text, let isPlain):
            return YAMLNode(line: line, content: .scalar(text, isPlain: isPlain))
        case .sequenceStart:
            return YAMLNode(line: line, content: .sequence(try sequence(depth: try deeper(depth, line))))
        case .mappingStart:
            return YAMLNode(line: line, content: .mapping(try mapping(depth: try deeper(depth, line))))
        case .sequenceEnd, .mappingEnd, .documentStart, .end:
            // libyaml opens and closes in pairs, so this is its mistake, not the file's; still no reason to go on.
            throw error(line, "is not valid YAML")
        }
    }

    private func sequence(depth: Int) throws(ConfigurationError) -> [YAMLNode] {
        var nodes: [YAMLNode] = []
        while true {
            let (event, line) = try events.next()
            if case .sequenceEnd = event { return nodes }
            nodes.append(try node(event, line: line, depth: depth))
        }
    }

    private func mapping(depth: Int) throws(ConfigurationError) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        var lines: [String: Int] = [:]
        while true {
            let (event, line) = try events.next()
            if case .mappingEnd = event { return entries }
            guard case .scalar(let name, _) = event else {
                throw error(line, "a name must be text, not a list or section")
            }
            if let first = lines.updateValue(line, forKey: name) {
                throw error(line, "\(quoted(name)) stands here a second time; the first is in line \(first)")
            }
            let value = try events.next()
            entries.append(
                YAMLNode.Entry(name: name, line: line, value: try node(value.event, line: value.line, depth: depth)))
        }
    }

    private func deeper(_ depth: Int, _ line: Int) throws(ConfigurationError) -> Int {
        guard depth < deepest else { throw error(line, "is more than \(deepest) levels deep") }
        return depth + 1
    }

    private func error(_ line: Int, _ message: String) -> ConfigurationError {
        ConfigurationError(file: file, line: line, message: message)
    }
}

/// A piece of a file in quotation marks, fit for one line of a message: 40 characters at most, none that moves the
/// cursor.
func quoted(_ text: String) -> String {
    let start = text.unicodeScalars.prefix(40).map { $0.properties.generalCategory == .control ? "\u{fffd}" : "\($0)" }
    return "\"\(start.joined())\(text.unicodeScalars.count > 40 ? "…" : "")\""
}
